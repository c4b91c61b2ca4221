using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Caching;

/// <summary>
/// Drops the copies of messages of one queue that callbacks have handled within the window. Copies in this process run
/// one after the other.
/// </summary>
internal sealed class QueueDeduplication(CacheStore store, CopiesInFlight running, Route route, string queue, TimeSpan window, ILogger logger)
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

        while (running.Begin(key) is { } other)
            await other.WaitAsync(message.CancellationToken).ConfigureAwait(false);

        try
        {
            if (MayBeHandled(message) && await store.FindAsync<bool>(key, message.CancellationToken).ConfigureAwait(false))
            {
                message.Outcome = DeliveryOutcome.Dropped;
                logger.CopyDropped(message.MessageId, route.Event, route.Env, queue);
                return;
            }

            await CallAndKeepAsync(key, message, callback).ConfigureAwait(false);
        }
        finally
        {
            running.End(key);
        }
    }

    private async Task CallAndKeepAsync(string key, ReceivedMessage message, Func<ReceivedMessage, Task> callback)
    {
        var delivery = message.ConsumeContext.ReceiveContext;
        try
        {
            await callback(message).ConfigureAwait(false);
            await store.KeepAsync(key, true, window).ConfigureAwait(false);
        }
        catch
        {
            delivery.GetOrAddPayload(static () => new FailedCall()).IsLast = true;
            throw;
        }

        if (delivery.TryGetPayload(out FailedCall? failed))
            failed.IsLast = false;
    }

    // A retry in this process is the same delivery, which was looked up the first time. A copy may have been handled
    // while it waited for its retry; where its own callback had handled it, something around the callback has failed.
    private static bool MayBeHandled(ReceivedMessage message) => message.ConsumeContext.GetRetryAttempt() == 0
        || message.ConsumeContext.ReceiveContext.TryGetPayload(out FailedCall? failed) && failed.IsLast;

    private string? KeyOf(ReceivedMessage message) =>
        message.ConsumeContext.MessageId is { } id ? CacheKey.Handled(_queueHash, id)
        : message.MessageId is { } text ? CacheKey.Handled(_queueHash, text)
        : null;
}
