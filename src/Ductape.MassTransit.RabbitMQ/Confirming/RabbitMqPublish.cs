using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ductape.MassTransit.RabbitMQ.Confirming;

/// <summary>
/// One message on its way through <see cref="RabbitMqConfirmations"/>; its task is complete when the server has
/// confirmed it.
/// </summary>
internal sealed class RabbitMqPublish(
    string exchange, string routingKey, bool mandatory, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    // By which the server says what it returns. The client's own name for it, which receivers know not to take for one
    // of the application's.
    private const string NumberHeader = "x-dotnet-pub-seq-no";

    public string Exchange => exchange;

    public string RoutingKey => routingKey;

    public bool Mandatory => mandatory;

    public BasicProperties Properties => properties;

    public ReadOnlyMemory<byte> Body => body;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Which activity it belongs to, where it had to wait for the client.</summary>
    public Activity? Activity { get; set; }

    /// <summary>The server's number for it; 0 before the client has it.</summary>
    public ulong Number { get; private set; }

    /// <summary>The number of a message that the server returns; null where it is not one of these.</summary>
    public static ulong? FindNumber(BasicReturnEventArgs returned) =>
        returned.BasicProperties.Headers?.TryGetValue(NumberHeader, out var header) == true && header is long number ? (ulong)number : null;

    public void SetNumber(ulong number)
    {
        Number = number;
        if (mandatory)
            (properties.Headers ??= new Dictionary<string, object?>())[NumberHeader] = (long)number;
    }
}
