using System.Collections.Frozen;
using System.Globalization;
using MassTransit.RabbitMqTransport.Configuration;

namespace Ductape.MassTransit.RabbitMQ.Declaring;

/// <summary>
/// The arguments of queues as a configuration has them, which keeps no types: those that RabbitMQ documents have the
/// type that it wants, of others whole numbers, <c>true</c> and <c>false</c> are what they look like. Source:
/// RabbitMQ's documentation, "Queues, optional arguments".
/// </summary>
internal static class RabbitMqArguments
{
    private static readonly FrozenDictionary<string, Argument> Known = new Argument[]
    {
        new("x-max-priority", 1, 255) { NotOnQuorum = true },
        new("x-message-ttl", 0, uint.MaxValue),
        new("x-expires", 1, uint.MaxValue),
        new("x-max-length", 0, long.MaxValue),
        new("x-max-length-bytes", 0, long.MaxValue),
        new("x-max-in-memory-length", 0, long.MaxValue),
        new("x-max-in-memory-bytes", 0, long.MaxValue),
        new("x-queue-version", 1, 2) { NotOnQuorum = true },
        new("x-quorum-initial-group-size", 1, 255),
        new("x-overflow", "drop-head", "reject-publish", "reject-publish-dlx"),
        new("x-queue-mode", "default", "lazy") { NotOnQuorum = true },
        new("x-queue-master-locator", "min-masters", "client-local", "random"),
        new("x-queue-leader-locator", "client-local", "balanced"),
        new("x-dead-letter-exchange"),
        new("x-dead-letter-routing-key"),
        new("x-dead-letter-strategy", "at-most-once", "at-least-once"),
    }.ToFrozenDictionary(x => x.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> OfLibrary = new Dictionary<string, string>
    {
        ["x-delivery-limit"] = "set DeliveryLimit in the broker's Config",
        ["x-single-active-consumer"] = "set SingleActiveConsumer in the broker's Config, which is for topics in order",
        ["x-queue-type"] = "set QueueType in the broker's Config",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong, each with its key.</summary>
    public static IEnumerable<ConfigurationProblem> Validate(IReadOnlyDictionary<string, string> arguments, RabbitMqSettings settings)
    {
        foreach (var same in arguments.Keys.GroupBy(x => x, StringComparer.OrdinalIgnoreCase).Where(x => x.Skip(1).Any()))
        {
            yield return new("Arguments", $"{string.Join(" and ", same.Order(StringComparer.Ordinal).Select(x => $"'{x}'"))} differ in case alone",
                "keep one of them");
        }

        foreach (var (name, value) in arguments.OrderBy(x => x.Key, StringComparer.Ordinal))
        {
            if (Problem(name, value, settings.QueueType == RabbitMqQueueType.Quorum) is var (problem, remedy))
                yield return new($"Arguments:{name}", problem, remedy);
        }
    }

    /// <summary>The arguments with the types that the server wants.</summary>
    public static IEnumerable<(string Name, object Value)> Read(IReadOnlyDictionary<string, string> arguments) =>
        arguments.Select(x => Known.TryGetValue(x.Key, out var known) ? (known.Name, known.Read(x.Value)) : (x.Key, Guess(x.Value)));

    /// <summary>
    /// MassTransit makes <c>_error</c> and <c>_skipped</c> with the arguments of the queue. Failed messages must not
    /// expire, or give way to others.
    /// </summary>
    public static void KeepFromErrors(IRabbitMqSendTopologyConfigurator topology)
    {
        topology.ConfigureErrorSettings = Keep;
        topology.ConfigureDeadLetterSettings = Keep;

        static void Keep(IRabbitMqQueueBindingConfigurator queue)
        {
            var arguments = ((RabbitMqQueueConfigurator)queue).QueueArguments;
            var isQuorum = arguments.TryGetValue("x-queue-type", out var type) && type is "quorum";
            foreach (var name in arguments.Keys.ToArray())
            {
                if (!OfLibrary.ContainsKey(name) && !(isQuorum && name == "x-dead-letter-exchange"))
                    arguments.Remove(name);
            }
        }
    }

    private static (string Problem, string Remedy)? Problem(string name, string value, bool isQuorum)
    {
        if (string.Equals(name, "x-queue-type", StringComparison.OrdinalIgnoreCase) && string.Equals(value, "stream", StringComparison.OrdinalIgnoreCase))
        {
            return ("a stream is no queue: it keeps what was read and gives nothing back, so retries and _error mean nothing on it",
                "read streams with RabbitMQ's own client, and bind a queue to the exchange for this library");
        }

        if (OfLibrary.TryGetValue(name, out var setting))
            return ("the library sets it itself", $"{setting}, or use a queue as it is with \"Declare\": \"passive\"");
        if (name.StartsWith("x-stream-", StringComparison.OrdinalIgnoreCase) || string.Equals(name, "x-max-age", StringComparison.OrdinalIgnoreCase))
            return ("it belongs to streams, which cannot be read like a queue", "leave it out");
        if (!Known.TryGetValue(name, out var known))
        {
            return NearMiss(name) is { } match ? ("it is not known", $"did you mean '{match}'?")
                : !name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) || name.Length > 255 ? ("it is not the name of a queue argument", "those begin with 'x-'")
                : null;
        }

        if (isQuorum && known.NotOnQuorum)
            return ("quorum queues do not have it", "leave it out, or set QueueType to classic");
        if (isQuorum && known.Name.StartsWith("x-dead-letter-", StringComparison.Ordinal))
        {
            return ("with quorum queues the library sets where dead letters go, since what is past the DeliveryLimit goes to _error",
                "leave it out, or use a queue as it is with \"Declare\": \"passive\"");
        }

        return known.Problem(value);
    }

    // One slip of the hand or two; plugins have arguments of their own.
    private static string? NearMiss(string name) =>
        Known.Keys.Concat(OfLibrary.Keys).FirstOrDefault(x => Math.Abs(x.Length - name.Length) <= 1 && Differences(x, name.ToLowerInvariant()) <= 2);

    private static int Differences(string one, string other)
    {
        var start = one.AsSpan().CommonPrefixLength(other);
        var (a, b) = (one.Length - 1, other.Length - 1);
        while (a >= start && b >= start && one[a] == other[b])
            (a, b) = (a - 1, b - 1);
        return Math.Max(a, b) - start + 1;
    }

    private static object Guess(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : bool.TryParse(value, out var truth) ? truth
        : value;

    private sealed record Argument(string Name)
    {
        private readonly string[] _values = [];

        public Argument(string name, long least, long most)
            : this(name) => (IsNumber, Least, Most) = (true, least, most);

        public Argument(string name, params string[] values)
            : this(name) => _values = values;

        public bool NotOnQuorum { get; init; }

        private bool IsNumber { get; }

        private long Least { get; }

        private long Most { get; }

        public object Read(string value) => IsNumber ? long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture) : value;

        public (string Problem, string Remedy)? Problem(string value) =>
            IsNumber && !(long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= Least && number <= Most)
                ? ($"'{value}' is not a whole number from {Least} to {Most}", "")
            : _values.Length > 0 && !_values.Contains(value) ? ($"'{value}' is not known", $"one of {string.Join(", ", _values)}")
            : null;
    }
}
