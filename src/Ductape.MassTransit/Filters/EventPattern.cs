using Ductape.MassTransit.Configuration.Binding;

namespace Ductape.MassTransit.Filters;

/// <summary>Which events a filter is for: <c>broker:topic</c>, where either may be <c>*</c>.</summary>
internal sealed record EventPattern
{
    private const string Any = "*";

    private EventPattern(string broker, string topic) => (Broker, Topic) = (broker, topic);

    /// <summary>The tag before the colon, or <c>*</c>.</summary>
    public string Broker { get; }

    /// <summary>The tag after the colon, or <c>*</c>.</summary>
    public string Topic { get; }

    /// <summary>Whether it names every event that there may be.</summary>
    public bool IsAll => Broker == Any && Topic == Any;

    /// <param name="text">The pattern, or null for all events.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static EventPattern Parse(string? text)
    {
        if (text is null or Any)
            return new EventPattern(Any, Any);

        return text.Split(':') is [var broker, var topic] && IsPart(broker) && IsPart(topic)
            ? new EventPattern(broker, topic)
            : throw new ArgumentException($"'{text}' names no events: write 'brokerTag:topicTag', where either may be '*', for example 'orders:*'.", "events");
    }

    public bool Matches(EventName name) => MatchesBroker(name.Broker) && Matches(Topic, name.Topic);

    public bool MatchesBroker(string tag) => Matches(Broker, tag);

    public override string ToString() => $"{Broker}:{Topic}";

    private static bool IsPart(string text) => text == Any || EventName.TagProblem(text) is null;

    private static bool Matches(string pattern, string tag) => pattern == Any || Tags.Same(pattern, tag);
}
