using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Caching;

/// <summary>Drops the copies of messages of one queue that callbacks have handled within the window.</summary>
internal sealed class QueueDeduplication(CacheStore store, Route route, string queue, TimeSpan window, ILogger logger)
{
    private readonly string _queueHash = CacheKey.Hash("queue", route.ProductTag, route.Env, route.Event, queue);

    /// <summary>Calls the callback, unless it has handled this message before. What fails is not remembered.</summary>
    public async Task CallAsync(ReceivedMessage message, Func<ReceivedMessage, Task> callback)
    {
        if (KeyOf(message) is not { } key)
        {
            await callback(message).ConfigureAwait(false);
            return;
        }

        // A retry in this process is the same delivery, which has been looked up.
        if (message.ConsumeContext.GetRetryAttempt() == 0 && await store.FindAsync<bool>(key, message.CancellationToken).ConfigureAwait(false))
        {
            message.Outcome = DeliveryOutcome.Dropped;
            logger.CopyDropped(message.MessageId, route.Event, route.Env, queue);
            return;
        }

        await callback(message).ConfigureAwait(false);
        await store.KeepAsync(key, true, window).ConfigureAwait(false);
    }

    private string? KeyOf(ReceivedMessage message) =>
        message.ConsumeContext.MessageId is { } id ? CacheKey.Handled(_queueHash, id)
        : message.MessageId is { } text ? CacheKey.Handled(_queueHash, text)
        : null;
}
