using MassTransit.Context;
using MassTransit.InMemoryTransport;
using MassTransit.Transports;
using MassTransit.Transports.Fabric;

namespace Ductape.MassTransit.Transports.InMemory;

/// <summary>
/// Handles the messages of one in-memory queue, as many at a time as the endpoint's concurrency limit says.
/// MassTransit's own starts one reader for each unit of that limit, and every message wakes all of them.
/// </summary>
internal sealed class InMemoryReceiver : ConsumerAgent<long>, ReceiveTransportHandle, IMessageReceiver<InMemoryTransportMessage>
{
    private readonly InMemoryReceiveEndpointContext _context;
    private readonly IMessageQueue<InMemoryTransportContext, InMemoryTransportMessage> _queue;
    private readonly SemaphoreSlim _free;
    private TopologyHandle? _connection;

    public InMemoryReceiver(
        InMemoryReceiveEndpointContext context, IMessageQueue<InMemoryTransportContext, InMemoryTransportMessage> queue)
        : base(context)
    {
        _context = context;
        _queue = queue;
        _free = new SemaphoreSlim(context.ConcurrentMessageLimit ?? context.PrefetchCount);
        _ = Task.Run(ConnectAsync);
    }

    public Task Deliver(InMemoryTransportMessage message, CancellationToken cancellationToken)
    {
        var entering = _free.WaitAsync(cancellationToken);
        if (!entering.IsCompletedSuccessfully)
            return DeliverLaterAsync(entering, message);

        Handle(message);
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateScope("inMemory");

    Task ReceiveTransportHandle.Stop(CancellationToken cancellationToken) => this.Stop("Stop Receive Transport", cancellationToken);

    protected override async Task ActiveAndActualAgentsCompleted(StopContext context)
    {
        _connection?.Disconnect();
        await base.ActiveAndActualAgentsCompleted(context).ConfigureAwait(false);
        await _context.TransportObservers.NotifyCompleted(_context.InputAddress, this).ConfigureAwait(false);
        _context.LogConsumerCompleted(DeliveryCount, ConcurrentDeliveryCount);
    }

    private async Task ConnectAsync()
    {
        try
        {
            await _context.DependenciesReady.WaitAsync(Stopping).ConfigureAwait(false);
            _connection = _queue.ConnectMessageReceiver(_context.TransportContext, this);
            await _context.TransportObservers.NotifyReady(_context.InputAddress).ConfigureAwait(false);
            SetReady();
        }
        catch (Exception exception)
        {
            SetNotReady(exception);
        }
    }

    private async Task DeliverLaterAsync(Task entering, InMemoryTransportMessage message)
    {
        await entering.ConfigureAwait(false);
        Handle(message);
    }

    // Not here: the queue must go on to the next message also while a callback computes or blocks.
    private void Handle(InMemoryTransportMessage message) => ThreadPool.UnsafeQueueUserWorkItem(
        static x => _ = x.Receiver.HandleAsync(x.Message), (Receiver: this, Message: message), preferLocal: false);

    private async Task HandleAsync(InMemoryTransportMessage message)
    {
        try
        {
            if (IsStopping)
                return;

            LogContext.Current = _context.LogContext;
            using var context = new InMemoryReceiveContext(message, _context);
            try
            {
                await Dispatch(message.SequenceNumber, context, NoLockReceiveContext.Instance).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                message.DeliveryCount++;
                context.LogTransportFaulted(exception);
            }
        }
        finally
        {
            _free.Release();
        }
    }
}
