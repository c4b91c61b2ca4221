namespace Ductape.MassTransit;

/// <summary>
/// The rest of the way of a message that is published. May be called again after it failed, while the filter is not
/// complete; a message is sent once.
/// </summary>
/// <param name="message">The message that goes on.</param>
/// <returns>A task that completes when the broker has the message.</returns>
/// <exception cref="DuctapeException">The message was not sent, or may not have been.</exception>
public delegate Task<PublishResult> PublishNext(OutgoingMessage message);
