namespace Ductape.MassTransit;

/// <summary>
/// A class that receives events: mark it with <see cref="SubscribeAttribute"/> and register it with
/// <c>AddSubscriber&lt;T&gt;()</c>. It is resolved anew from a dependency injection scope for every message and every
/// attempt, and started and stopped by the host.
/// </summary>
/// <typeparam name="T">What the payload is read as.</typeparam>
public interface ISubscriber<in T>
{
    /// <summary>
    /// Handles a message. It is acknowledged when the task completes; when it fails, the topic's <c>Retry</c> applies,
    /// and then the message goes to the queue's <c>_error</c> queue.
    /// </summary>
    Task HandleAsync(T payload, ReceivedMessage message);
}
