using MassTransit.Middleware;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using RabbitMQ.Client;

namespace Ductape.MassTransit;

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
        new RabbitMqChannel(await context.CreateChannelContext(agent, 1, cancellationToken).ConfigureAwait(false), concurrentMessageLimit ?? 1);
}
