using Ductape.MassTransit.Configuration.Binding;

namespace Ductape.MassTransit.Filters;

/// <summary>Which events a filter is for: <c>broker:topic</c>, where either may be <c>*</c>.</summary>
internal sealed class EventPattern
{
    private const string Any = "*";
    private readonly string _broker;
    private readonly string _topic;

    private EventPattern(string broker, string topic) => (_broker, _topic) = (broker, topic);

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

    public bool Matches(EventName name) => Matches(_broker, name.Broker) && Matches(_topic, name.Topic);

    private static bool IsPart(string text) => text == Any || EventName.TagProblem(text) is null;

    private static bool Matches(string pattern, string tag) => pattern == Any || Tags.Same(pattern, tag);
}
