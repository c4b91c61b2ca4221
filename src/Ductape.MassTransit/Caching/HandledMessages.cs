using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Caching;

/// <summary>The messages that callbacks have handled, for the queues of topics that deduplicate.</summary>
internal sealed class HandledMessages(CacheStore store, ILogger<HandledMessages> logger)
{
    // Of all queues, since a reload may have two endpoints on one.
    private readonly CopiesInFlight _running = new();

    /// <returns>Null for a topic that does not deduplicate.</returns>
    public QueueDeduplication? Of(Route route, string queue) =>
        route.Deduplicate is { } window ? new QueueDeduplication(store, _running, route, queue, window, logger) : null;
}
