namespace Ductape.MassTransit;

/// <summary>
/// The rest of the way of a message that is delivered. Each call runs it: two calls are two of the callback.
/// </summary>
/// <param name="message">The message that goes on.</param>
/// <returns>A task that completes when the callback has.</returns>
public delegate Task DeliveryNext(ReceivedMessage message);
