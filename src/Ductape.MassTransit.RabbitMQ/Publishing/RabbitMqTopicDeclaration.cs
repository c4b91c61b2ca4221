using Ductape.MassTransit.RabbitMQ.Channels;
using Ductape.MassTransit.RabbitMQ.Declaring;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Middleware;
using MassTransit.RabbitMqTransport.Topology;

namespace Ductape.MassTransit.RabbitMQ.Publishing;

/// <summary>
/// Declares the exchange of a topic and the queues of its subscribers, once for each
/// <see cref="RabbitMqDeclarationPeriod"/>. A server may keep a declaration waiting for a minute while one of its nodes
/// does not answer, and with it all that comes on the same channel. So each has a channel of its own, and a topic that
/// was declared before is published to while that goes on. Thread-safe.
/// </summary>
/// <param name="settings">The exchange.</param>
/// <param name="topology">What is declared.</param>
/// <param name="topics">Knows whether it is only looked at, and keeps queues bound.</param>
/// <param name="channels">Where from the channel comes.</param>
internal sealed class RabbitMqTopicDeclaration(SendSettings settings, BrokerTopology topology, RabbitMqTopics topics, RabbitMqPublishChannels channels)
{
    // A server with nothing the matter needs milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConfigureRabbitMqTopologyFilter<SendSettings> _topology = new(settings, topology);
    private readonly Lock _lock = new();
    private RabbitMqDeclarationPeriod? _period;
    private Task? _declaring;
    private long _began;
    private bool _wasDeclared;
    private bool _isRequired;

    /// <summary>Whether a message of the topic reaches a queue for certain once it is declared.</summary>
    public bool HasQueues { get; } = topology.QueueBindings.Any();

    /// <summary>Declares the topic where that has not been done.</summary>
    /// <returns>False where the server takes its time and the topic was declared before, on another
    /// connection.</returns>
    public async Task<bool> EnsureAsync(RabbitMqPublishChannel channel, CancellationToken cancellationToken)
    {
        Task declaring;
        TimeSpan? patience;
        lock (_lock)
        {
            if (_period != channel.Period)
            {
                (_period, _declaring, _isRequired) = (channel.Period, null, channel.Period.LacksExchange);
                _began = TimeProvider.System.GetTimestamp();
            }

            if (_declaring is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                _declaring = Task.Run(() => DeclareAsync(channel.Period), CancellationToken.None);
            declaring = _declaring;
            patience = _wasDeclared && !_isRequired ? Patience - TimeProvider.System.GetElapsedTime(_began) : null;
        }

        if (patience is not { } limit || declaring.IsCompleted)
        {
            await declaring.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (limit > TimeSpan.Zero)
            await Task.WhenAny(declaring, Task.Delay(limit, TimeProvider.System, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        // Without an answer it ends like this.
        if (!declaring.IsCompleted || declaring is { IsCanceled: true } or { Exception.InnerException: OperationCanceledException or TimeoutException })
            return false;

        await declaring.ConfigureAwait(false);
        return true;
    }

    /// <summary>A message came to no queue: the next ones wait until the topic is declared.</summary>
    public void RequireDeclared()
    {
        lock (_lock)
            _isRequired = true;
    }

    private async Task DeclareAsync(RabbitMqDeclarationPeriod period)
    {
        var channel = await channels.OpenAsync().ConfigureAwait(false);
        try
        {
            if (channel.Connection != period.Connection)
                throw new RabbitMqConnectionException("The connection was lost.");

            var context = new RabbitMqEndpointChannel(channel.Context, topics.PassiveOf(settings.ExchangeName));
            if (period.LacksExchange)
                await topics.Bindings.RestoreAsync(settings.ExchangeName, () => _topology.Configure(context, CancellationToken.None)).ConfigureAwait(false);
            else
                await _topology.Configure(context, CancellationToken.None).ConfigureAwait(false);
            lock (_lock)
                _wasDeclared = true;
        }
        finally
        {
            _ = channel.CloseAsync();
        }
    }
}
