using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Filters;

/// <summary>
/// Tells of filters whose pattern matches no configured event: with a typing error in it a filter would never run, and
/// nobody would know. Thread-safe.
/// </summary>
internal sealed class UnusedFilters(
    IEnumerable<FilterRegistration<IPublishFilter>> publish,
    IEnumerable<FilterRegistration<IDeliveryFilter>> delivery,
    ILogger<UnusedFilters> logger)
{
    private readonly PatternedFilter[] _uses =
    [
        .. publish.Select(x => new PatternedFilter("publish", x.Type, x.Events)).Concat(delivery.Select(x => new PatternedFilter("delivery", x.Type, x.Events)))
            .Where(x => !x.Events.IsAll).Distinct(),
    ];

    private readonly Lock _lock = new();
    private HashSet<PatternedFilter> _known = [];

    /// <summary>Tells of those that were not unused at the call before.</summary>
    public void Tell(CatalogConfig catalog)
    {
        var brokers = catalog.Products.Values.SelectMany(x => x.Brokers.Values).ToArray();
        var unused = _uses.Where(x => !brokers.Any(broker => HasEvent(broker, x.Events))).ToHashSet();
        lock (_lock)
        {
            foreach (var (kind, type, events) in unused.Except(_known))
                logger.FilterUnused(kind, type, events, Hint(events, brokers));
            _known = unused;
        }
    }

    private static bool HasEvent(BrokerConfig broker, EventPattern events) =>
        broker.Topics.Values.Any(x => events.Matches(new EventName(broker.Tag, x.Tag)));

    private static string Hint(EventPattern events, BrokerConfig[] brokers)
    {
        var matching = brokers.Where(x => events.MatchesBroker(x.Tag)).ToArray();
        return matching.Length == 0
            ? NearMiss.HintOrList(events.Broker, Distinct(brokers.Select(x => x.Tag)), "Configured brokers")
            : NearMiss.HintOrList(events.Topic, Distinct(matching.SelectMany(x => x.Topics.Values).Select(x => x.Tag)), "Configured topics");
    }

    private static string[] Distinct(IEnumerable<string> tags) => [.. tags.Distinct(Tags.Comparer)];

    private sealed record PatternedFilter(string Kind, Type Type, EventPattern Events);
}
