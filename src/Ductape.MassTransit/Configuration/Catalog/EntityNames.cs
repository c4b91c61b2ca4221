using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>The names of topic entities and queues, as a transport accepts them.</summary>
internal static class EntityNames
{
    public static string Entity(string broker, string topic, string env, NamingRules rules) =>
        rules.Fit($"{broker}-{topic}-{env}", rules.MaxEntityLength);

    public static string Queue(string product, string broker, string topic, string env, NamingRules rules) =>
        rules.Fit($"{product}-{broker}-{topic}-{env}", rules.MaxQueueLength);

    /// <summary>The queue of a named subscription, or of an ephemeral one, beside the product's own.</summary>
    public static string Suffixed(string queue, string suffix, NamingRules rules)
    {
        var name = queue.EndsWith(rules.Suffix, StringComparison.Ordinal) ? queue[..^rules.Suffix.Length] : queue;
        if (name.StartsWith(rules.Prefix, StringComparison.Ordinal))
            name = name[rules.Prefix.Length..];
        return rules.Fit($"{name}-{suffix}", rules.MaxQueueLength);
    }
}
