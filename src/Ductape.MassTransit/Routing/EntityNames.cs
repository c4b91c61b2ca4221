using System.Security.Cryptography;
using System.Text;

namespace Ductape.MassTransit;

/// <summary>The names of topic entities and queues, and their shortening to what a transport accepts.</summary>
internal static class EntityNames
{
    private const int HashLength = 8;

    public static string Entity(string broker, string topic, string env, NamingRules rules) =>
        Fit($"{broker}-{topic}-{env}", rules, rules.MaxEntityLength);

    public static string Queue(string product, string broker, string topic, string env, NamingRules rules) =>
        Fit($"{product}-{broker}-{topic}-{env}", rules, rules.MaxQueueLength);

    /// <summary>The queue of a named subscription, or of an ephemeral one, beside the product's own.</summary>
    public static string Suffixed(string queue, string suffix, NamingRules rules) =>
        Fit($"{queue}-{suffix}", rules, rules.MaxQueueLength);

    /// <summary>What is wrong with a name that was configured explicitly, or null.</summary>
    public static string? Problem(string name, NamingRules rules, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "is blank";
        if (name.Length > maxLength)
            return $"has {name.Length} characters; at most {maxLength} fit";
        return name.All(rules.IsAllowed) ? null : $"has a character that the broker does not accept; use {rules.AllowedCharacters}";
    }

    // A name that fits stays as it is; any other keeps its beginning and gets a hash of the whole, the same on every machine.
    private static string Fit(string name, NamingRules rules, int maxLength)
    {
        if (Problem(name, rules, maxLength) is null)
            return name;

        var clean = string.Concat(name.Select(c => rules.IsAllowed(c) ? c : '-'));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        return $"{clean[..Math.Min(clean.Length, maxLength - HashLength - 1)]}-{hash}";
    }
}
