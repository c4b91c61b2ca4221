using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Publishing;

/// <summary>
/// The time in which what was declared is there: from the beginning of a connection, or from the moment when the server
/// closed a channel, to the next such moment.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="isReconnected">Whether there was a connection before it.</param>
/// <param name="lacksExchange">Whether the server closed a channel since an exchange was missing.</param>
internal sealed class RabbitMqDeclarationPeriod(IConnection connection, bool isReconnected, bool lacksExchange)
{
    // A cluster that has lost a node is through with its elections by then.
    private static readonly TimeSpan Elections = TimeSpan.FromSeconds(10);

    private readonly long _began = TimeProvider.System.GetTimestamp();
    private volatile bool _hasConfirmed;

    public IConnection Connection => connection;

    public bool LacksExchange => lacksExchange;

    /// <summary>
    /// Whether a refusal can mean that the server's nodes are not through with the loss that made the client reconnect.
    /// </summary>
    public bool IsUnsettled => isReconnected && !_hasConfirmed && TimeProvider.System.GetElapsedTime(_began) < Elections;

    public void Confirmed() => _hasConfirmed = true;

    /// <summary>The next one on the same connection.</summary>
    public RabbitMqDeclarationPeriod Next(bool isExchangeMissing) => new(connection, isReconnected, isExchangeMissing) { _hasConfirmed = _hasConfirmed };
}
