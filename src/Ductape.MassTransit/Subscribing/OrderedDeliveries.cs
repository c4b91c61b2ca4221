using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ductape.MassTransit.Transports;
using MassTransit.Transports;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// Hands the messages of a queue on in order: those with the same partition key one after the other, each until it is
/// acknowledged or in the errors' queue, and the others side by side. MassTransit's partitioner waits inside the
/// concurrency limit and takes messages in the order in which its readers come, which is not that of the broker.
/// </summary>
/// <param name="concurrency">How many messages are handled at once. Those that wait for their turn do not
/// count.</param>
/// <param name="keyOf">The partition key of a message, or null.</param>
/// <param name="deliveries">Tells the order in which the broker delivered.</param>
/// <param name="returning">Returns what was delivered before the endpoint stops; null where stopping it does.</param>
/// <param name="stallLimit">For how long a number that does not come is waited for.</param>
/// <param name="time">The clock.</param>
internal sealed class OrderedDeliveries(
    int concurrency, Func<ConsumeContext, string?> keyOf, IOrderedDeliveryBus deliveries, IDeliveryReturningBus? returning, TimeSpan stallLimit, TimeProvider time)
    : IReceiveObserver, IFilter<ConsumeContext>
{
    private readonly ConditionalWeakTable<object, DeliveryTurnstile> _turnstiles = [];
    private readonly KeyTurns _turns = new();
    private readonly SemaphoreSlim _concurrency = new(concurrency, concurrency);
    private readonly ConcurrentDictionary<OrderedDelivery, bool> _waiting = new();
    private readonly CallsInFlight _handled = new();
    private volatile bool _isReturning;

    /// <summary>The endpoint is about to start.</summary>
    public void Begin() => _isReturning = false;

    /// <summary>
    /// The endpoint is about to stop: what waits, and what still comes, returns to the queue. Completes when nothing is
    /// handled any more.
    /// </summary>
    public async Task ReturnAsync(EndpointTopology topology, CancellationToken cancellationToken)
    {
        _isReturning = true;
        foreach (var delivery in _waiting.Keys)
            delivery.GiveBack();
        await _handled.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (returning is not null)
            await returning.ReturnDeliveriesAsync(topology).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task PreReceive(ReceiveContext context)
    {
        var number = deliveries.FindDeliveryNumber(context);
        DeliveryTurnstile? turnstile = null;
        if (number is { } place)
        {
            turnstile = _turnstiles.GetValue(place.Stream, _ => new DeliveryTurnstile(stallLimit, time));
        }

        var delivery = new OrderedDelivery((BaseReceiveContext)context, turnstile, number?.Number ?? 0);
        context.AddOrUpdatePayload(() => delivery, _ => delivery);
        return Task.CompletedTask;
    }

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (context.ReceiveContext.TryGetPayload<OrderedDelivery>(out var delivery))
            await TakeTurnAsync(delivery, context).ConfigureAwait(false);
        await next.Send(context).ConfigureAwait(false);
    }

    public Task PostReceive(ReceiveContext context) => End(context);

    public Task ReceiveFault(ReceiveContext context, Exception exception) => End(context);

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public void Probe(ProbeContext context) => context.CreateFilterScope("ductapeOrder");

    private async Task TakeTurnAsync(OrderedDelivery delivery, ConsumeContext context)
    {
        var cancelled = context.CancellationToken;
        _waiting[delivery] = true;
        try
        {
            // Looked at after it was added: whoever returns what waits then finds this one, or this one sees that.
            if (_isReturning)
                delivery.GiveBack();
            if (delivery.Turnstile is { } turnstile)
                await turnstile.WaitAsync(delivery.Number, cancelled).ConfigureAwait(false);
            cancelled.ThrowIfCancellationRequested();
            if (keyOf(context) is { } key)
                delivery.Turn = _turns.Take(key);
            delivery.Turnstile?.Pass(delivery.Number);
            if (delivery.Turn is { } turn)
                await turn.Comes.WaitAsync(cancelled).ConfigureAwait(false);
            await _concurrency.WaitAsync(cancelled).ConfigureAwait(false);
            delivery.IsHandled = true;
            _handled.Enter();
        }
        finally
        {
            _waiting.TryRemove(delivery, out _);
        }

        // In the moment in which its turn came.
        if (_isReturning)
        {
            delivery.GiveBack();
            cancelled.ThrowIfCancellationRequested();
        }
    }

    private Task End(ReceiveContext context)
    {
        if (!context.TryGetPayload<OrderedDelivery>(out var delivery) || !delivery.TryEnd())
            return Task.CompletedTask;

        delivery.Turnstile?.Pass(delivery.Number);
        if (delivery.IsHandled)
        {
            _concurrency.Release();
            _handled.Exit();
        }

        delivery.Turn?.End();
        return Task.CompletedTask;
    }
}
