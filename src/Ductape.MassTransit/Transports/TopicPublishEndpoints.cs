using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MassTransit.Logging;
using MassTransit.Observables;
using MassTransit.Transports;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// The publish endpoints of a bus's topics, kept for the life of the bus. MassTransit's own provider keeps a thousand
/// at most and begins to drop some long before that; each publish to one that was dropped builds the topic's transport,
/// its declaration included, anew. Thread-safe.
/// </summary>
/// <param name="bus">The bus's own endpoint.</param>
/// <param name="hostAddress">The address of the broker.</param>
/// <param name="log">The log that MassTransit writes to.</param>
/// <param name="pipe">The publish pipe of the bus.</param>
/// <param name="transports">What makes the transport of a topic.</param>
[Experimental("DUCTAPE001")]
public sealed class TopicPublishEndpoints(
    ReceiveEndpointContext bus, Uri hostAddress, Func<ILogContext?> log, IPublishPipe pipe, IPublishTransportProvider transports) : IPublishEndpointProvider
{
    private readonly ConcurrentDictionary<Type, Task<ISendEndpoint>> _endpoints = new();
    private readonly Lock _lock = new();
    private readonly PublishObservable _observers = new();
    private readonly TopicPublishPipe _pipe = new(pipe);

    /// <inheritdoc/>
    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class
    {
        LogContext.SetCurrentIfNull(log());
        return Find<T>() ?? Add<T>();
    }

    /// <inheritdoc/>
    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => _observers.Connect(observer);

    private Task<ISendEndpoint> Add<T>()
        where T : class
    {
        // Two transports of one topic would both declare it.
        lock (_lock)
            return Find<T>() ?? (_endpoints[typeof(T)] = CreateAsync<T>());
    }

    // What failed is made again.
    private Task<ISendEndpoint>? Find<T>() => _endpoints.TryGetValue(typeof(T), out var endpoint) && !endpoint.IsFaulted && !endpoint.IsCanceled ? endpoint : null;

    private async Task<ISendEndpoint> CreateAsync<T>()
        where T : class
    {
        if (!bus.Publish.GetMessageTopology<T>().TryGetPublishAddress(hostAddress, out var address))
            throw new PublishException($"There is no address to publish {typeof(T).Name} to.");

        var transport = await transports.GetPublishTransport<T>(address).ConfigureAwait(false);
        return new SendEndpoint(transport, bus, address, _pipe, transport.ConnectSendObserver(_observers));
    }

    private sealed class TopicPublishPipe(IPublishPipe pipe) : ISendPipe
    {
        public Task Send<T>(SendContext<T> context)
            where T : class => pipe.Send(context.GetPayload<PublishContext<T>>());

        public void Probe(ProbeContext context) => pipe.Probe(context);
    }
}
