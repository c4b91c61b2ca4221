namespace Ductape.MassTransit;

/// <summary>
/// A step that every delivery passes through before its callback or <see cref="ISubscriber{T}"/>, or those of some
/// events: registered with <c>AddDeliveryFilter&lt;T&gt;()</c>. It runs for each attempt, after the session was
/// verified where the topic asks for that. A filter is a singleton unless it is registered otherwise, and so must be
/// thread-safe.
/// </summary>
public interface IDeliveryFilter
{
    /// <summary>Handles a message on its way in.</summary>
    /// <param name="message">The message.</param>
    /// <param name="next">Hands the message, or another one made of it, to the next filter and in the end to the
    /// callback. Without a call the callback is not called, and the message counts as handled.</param>
    /// <exception cref="Exception">Fails the attempt, as one of the callback would.</exception>
    Task DeliverAsync(ReceivedMessage message, DeliveryNext next);
}
