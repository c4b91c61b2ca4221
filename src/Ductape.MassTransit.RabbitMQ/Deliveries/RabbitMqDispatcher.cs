using System.Buffers;
using System.Diagnostics;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Deliveries;

/// <summary>
/// Hands the deliveries of a channel to its consumer on the thread pool, in their order, so many at once.
/// RabbitMQ.Client's own way is a reader for each unit of the limit, all of which wake for every delivery. Thread-safe.
/// </summary>
internal sealed class RabbitMqDispatcher(IAsyncBasicConsumer consumer, int limit) : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly Queue<Delivery> _waiting = new();
    private int _running;
    private bool _isStarting;

    /// <summary>Takes a delivery, and a copy of its body: the client uses the memory again.</summary>
    public void Add(string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var copy = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(copy);
        // The client's own trace, where somebody listens to it.
        var context = Activity.Current is null ? null : ExecutionContext.Capture();
        lock (_lock)
        {
            _waiting.Enqueue(new Delivery(
                consumerTag, deliveryTag, redelivered, exchange, routingKey, properties, copy, body.Length, context, cancellationToken));
            if (!TryBegin())
                return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>
    /// Forgets what waits: the channel is closed, brings nothing any more, and the server delivers it again.
    /// </summary>
    public void Clear()
    {
        lock (_lock)
            _waiting.Clear();
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        for (var isFirst = true; TryTake(isFirst, out var delivery); isFirst = false)
        {
            var handling = delivery.Context is null ? HandleAsync(delivery) : HandleInContextAsync(delivery);
            await handling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(delivery.Body);
        }
    }

    private async Task HandleInContextAsync(Delivery delivery)
    {
        ExecutionContext.Restore(delivery.Context!);
        await HandleAsync(delivery).ConfigureAwait(false);
    }

    private Task HandleAsync(in Delivery delivery) => consumer.HandleBasicDeliverAsync(delivery.ConsumerTag, delivery.DeliveryTag, delivery.Redelivered,
        delivery.Exchange, delivery.RoutingKey, delivery.Properties, delivery.Body.AsMemory(0, delivery.Length), delivery.CancellationToken);

    private bool TryTake(bool isFirst, out Delivery delivery)
    {
        lock (_lock)
        {
            if (isFirst)
                _isStarting = false;
            if (!_waiting.TryDequeue(out delivery))
            {
                _running--;
                return false;
            }

            // Each begins the next, and only while something waits: a callback that blocks keeps nobody, and nobody
            // wakes for nothing.
            if (_waiting.Count == 0 || !TryBegin())
                return true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        return true;
    }

    private bool TryBegin()
    {
        if (_isStarting || _running == limit)
            return false;

        _running++;
        return _isStarting = true;
    }

    private readonly record struct Delivery(string ConsumerTag, ulong DeliveryTag, bool Redelivered, string Exchange, string RoutingKey,
        IReadOnlyBasicProperties Properties, byte[] Body, int Length, ExecutionContext? Context, CancellationToken CancellationToken);
}
