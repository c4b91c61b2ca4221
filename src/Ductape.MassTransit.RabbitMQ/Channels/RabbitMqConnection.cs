using MassTransit.Middleware;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Channels;

/// <summary>MassTransit's context of a connection, whose channels are <see cref="RabbitMqChannel"/>s.</summary>
internal sealed class RabbitMqConnection(ConnectionContext context) : ProxyPipeContext(context), ConnectionContext
{
    public IConnection Connection => context.Connection;

    public string Description => context.Description;

    public Uri HostAddress => context.HostAddress;

    public bool PublisherConfirmation => context.PublisherConfirmation;

    public BatchSettings BatchSettings => context.BatchSettings;

    public TimeSpan ContinuationTimeout => context.ContinuationTimeout;

    public TimeSpan StopTimeout => context.StopTimeout;

    public IRabbitMqBusTopology Topology => context.Topology;

    public Task<IChannel> CreateChannel(ushort? concurrentMessageLimit, CancellationToken cancellationToken) =>
        context.CreateChannel(concurrentMessageLimit, cancellationToken);

    public async Task<ChannelContext> CreateChannelContext(IAgent agent, ushort? concurrentMessageLimit, CancellationToken cancellationToken) =>
        new RabbitMqChannel(
            new RabbitMqChannelContext(context, await CreateChannelAsync(cancellationToken).ConfigureAwait(false), agent, cancellationToken),
            concurrentMessageLimit ?? 1);

    // With one delivery at a time, and confirmations that the client does not follow.
    private async Task<IChannel> CreateChannelAsync(CancellationToken cancellationToken)
    {
        var channel = await context.Connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false, consumerDispatchConcurrency: 1),
            cancellationToken).ConfigureAwait(false);
        channel.ContinuationTimeout = context.ContinuationTimeout;
        return channel;
    }
}
