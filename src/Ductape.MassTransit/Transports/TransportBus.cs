using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>The MassTransit bus behind one connection, and what only its transport knows how to do with it.</summary>
[Experimental("DUCTAPE001")]
public abstract class TransportBus
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    /// <summary>The bus.</summary>
    public abstract IBus Bus { get; }

    /// <summary>What does not work although the broker is connected.</summary>
    public TransportTroubles Troubles { get; } = new();

    /// <summary>Why the broker takes no publishes at present although it is connected, for example an alarm; null while it does. Default: null.</summary>
    public virtual string? Blocked => null;

    /// <summary>Completes when the broker is <see cref="Blocked"/>; another one once that has ended. Default: never.</summary>
    public virtual Task WhenBlocked => Never;

    /// <summary>
    /// Whether messages are received on a connection of their own, which <see cref="ConnectReceivingAsync"/> makes, and not on that of
    /// <see cref="ConnectAsync"/>. Default: false.
    /// </summary>
    public virtual bool ReceivesApart => false;

    /// <summary>Whether the broker itself removes an ephemeral queue when its consumer stops. Default: false.</summary>
    public virtual bool RemovesEphemeralQueues => false;

    /// <summary>
    /// Whether an endpoint without a subscription is left running and its messages wait inside it, instead of stopping it. For
    /// transports whose endpoints are cheap to keep and costly to start. Default: false.
    /// </summary>
    public virtual bool KeepsEndpointsRunning => false;

    /// <summary>
    /// Whether the messages are in the bus itself, or the bus is not this library's, so that no other bus could take its place when a reload
    /// changes a topic. Default: false.
    /// </summary>
    public virtual bool HoldsMessages => false;

    /// <summary>
    /// Tries once to reach the broker, and starts the bus where it is not started. Called again after each loss.
    /// </summary>
    /// <returns>A task that completes with the reason when this connection is lost; never, where there is none to lose.</returns>
    public abstract Task<Task<string>> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Tries once to reach the broker for receiving, where the bus <see cref="ReceivesApart"/>. Called before the first
    /// receive endpoint starts, and again after each loss. Until it has succeeded, a receive endpoint that was connected to
    /// the bus waits and is not ready. Default: none, which is never lost.
    /// </summary>
    /// <returns>As for <see cref="ConnectAsync"/>.</returns>
    public virtual Task<Task<string>> ConnectReceivingAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new TaskCompletionSource<string>().Task);

    /// <summary>
    /// The application is about to stop: gives up the publishes that cannot be confirmed because the broker is <see cref="Blocked"/>, so that the callbacks
    /// which wait for them end. Default: nothing.
    /// </summary>
    public virtual Task GiveUpBlockedAsync() => Task.CompletedTask;

    /// <summary>
    /// Prepares a topic; called once per topic, before the first publish or subscription, and again when a reload changes the topic of a bus
    /// that <see cref="HoldsMessages"/>. Default: nothing.
    /// </summary>
    public virtual void DeclareTopic(TopicTopology topic)
    {
    }

    /// <summary>
    /// Prepares at the broker what <see cref="DeclareTopic"/> cannot; called once per topic and connection, before the first publish or
    /// subscription, and again after a loss. Default: nothing.
    /// </summary>
    public virtual Task PrepareTopicAsync(TopicTopology topic, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Where a message of the topic is sent instead of being published, or null. Default: null.</summary>
    public virtual Uri? SendAddress(TopicTopology topic) => null;

    /// <summary>Whether <see cref="ConfigureSend"/> does anything. Default: false.</summary>
    public virtual bool ConfiguresSend => false;

    /// <summary>Sets what only this broker has on a message about to be sent. Default: nothing.</summary>
    public virtual void ConfigureSend(SendContext context, TopicTopology topic, MessageKeys keys)
    {
    }

    /// <summary>Configures the receive endpoint of a subscription. Default: nothing.</summary>
    public virtual void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
    {
    }

    /// <summary>
    /// Whether <see cref="FindDeliveryNumber"/> finds one. Without, a topic that is handled in order has one callback at a time. Default: false.
    /// </summary>
    public virtual bool NumbersDeliveries => false;

    /// <summary>The place of a delivery among those of its queue to this process; null for one that has none. Default: null.</summary>
    public virtual DeliveryNumber? FindDeliveryNumber(ReceiveContext context) => null;

    /// <summary>
    /// Gives what was delivered and not acknowledged back to its queue, in its old place, before another consumer of the queue gets
    /// more; called for topics that are handled in order, before their endpoint is stopped. Default: nothing, stopping it does that.
    /// </summary>
    /// <param name="topology">The endpoint. Nothing may have been delivered to it yet.</param>
    public virtual Task ReturnDeliveriesAsync(EndpointTopology topology) => Task.CompletedTask;

    /// <summary>
    /// The wait for the callbacks of an endpoint that is being stopped was given up: what was delivered to it and not acknowledged returns to its queue
    /// at once, and can no longer be acknowledged here. Default: nothing.
    /// </summary>
    /// <param name="topology">The endpoint.</param>
    public virtual Task AbandonDeliveriesAsync(EndpointTopology topology) => Task.CompletedTask;

    /// <summary>Whether <see cref="RedeliverAsync"/> works on this bus. Default: true.</summary>
    public virtual bool CanRedeliver => true;

    /// <summary>
    /// Puts a message aside for a while and back into its queue then, as it is. When the task completes, the copy is in the broker's hands and
    /// the original can be acknowledged. Default: MassTransit's own delayed delivery.
    /// </summary>
    public virtual Task RedeliverAsync(DelayedMessage message) => DelayedSend.SendAsync(message);

    /// <summary>
    /// The messages of a queue that failed for good, or null where this bus cannot look at them. A queue whose error queue does not exist has
    /// none. Default: null.
    /// </summary>
    /// <param name="queue">The subscription's queue, not that of its errors.</param>
    /// <param name="settings">The settings of the subscription's broker.</param>
    public virtual IDeadLetterQueue? GetDeadLetterQueue(string queue, TransportSettings settings) => null;

    /// <summary>Whether an exception means that the broker refuses for good, so that trying again cannot help. Default: false.</summary>
    public virtual bool IsRefusal(Exception exception) => false;

    /// <summary>
    /// What to do about a refusal, as a sentence, where the broker's own text does not say; also for topics and queues that are not there.
    /// Default: null.
    /// </summary>
    public virtual string? RemedyFor(Exception exception) => null;

    /// <summary>
    /// Whether a publish failed because the connection or the channel was lost under it, so that it is sent once more, under the same ids, when the
    /// connection is back. False where the transport itself sees to that. Default: false.
    /// </summary>
    public virtual bool IsConnectionLoss(Exception exception) => false;

    /// <summary>
    /// Whether the message itself is why its publish failed, so that the same would fail again and is not sent once more. Asked before
    /// <see cref="IsConnectionLoss"/>. Default: never.
    /// </summary>
    public virtual MessageFault FindMessageFault(Exception exception) => MessageFault.None;

    /// <summary>Whether the broker refused a message that reached it, for example because a queue is full. Default: false.</summary>
    public virtual bool IsPublishRefusal(Exception exception) => false;

    /// <summary>Whether the broker returned a message that was to be mandatory, because no queue is bound to its topic. Default: false.</summary>
    public virtual bool IsUnroutable(Exception exception) => false;

    /// <summary>
    /// Whether a queue may be bound to the topic, for transports that can tell without sending; asked before each publish of a topic whose
    /// messages must not be dropped. Default: true.
    /// </summary>
    public virtual ValueTask<bool> MayHaveQueueAsync(TopicTopology topic, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <summary>
    /// The headers of a delivery with values that MassTransit shows as something else, as bytes that are no text; null where there are no such. Asked when a
    /// callback reads them. Default: null.
    /// </summary>
    public virtual IReadOnlyDictionary<string, object?>? FindHeaders(ReceiveContext context) => null;

    /// <summary>Stops the bus and its receive endpoints.</summary>
    public abstract Task StopAsync(CancellationToken cancellationToken);
}
