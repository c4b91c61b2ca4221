using System.Diagnostics.CodeAnalysis;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// An event identifier, <c>brokerTag:topicTag</c> with exactly one colon, as Ductape's events documentation defines it.
/// Tags are compared without regard to case, as the keys of a configuration are.
/// </summary>
public readonly record struct EventName
{
    private const string Form = "write it as brokerTag:topicTag, for example 'orders:order-created'.";

    /// <summary>Puts an event together.</summary>
    /// <param name="broker">The tag before the colon.</param>
    /// <param name="topic">The tag after the colon.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidEvent"/>: one of them is null, blank, or
    /// has a character that no tag has.</exception>
    public EventName(string broker, string topic)
    {
        if ((PartProblem(broker, "broker") ?? PartProblem(topic, "topic")) is { } problem)
            throw new DuctapeException(DuctapeErrorCodes.InvalidEvent, problem) { Event = $"{broker}:{topic}" };
        (Broker, Topic) = (broker, topic);
    }

    /// <summary>The tag before the colon.</summary>
    public string Broker { get; }

    /// <summary>The tag after the colon.</summary>
    public string Topic { get; }

    /// <summary>Reads <c>brokerTag:topicTag</c>.</summary>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidEvent"/>: no colon, more than one, or an
    /// empty or padded part.</exception>
    public static EventName Parse(string value) =>
        TryParse(value, out var name, out var problem)
            ? name
            : throw new DuctapeException(DuctapeErrorCodes.InvalidEvent, problem) { Event = value };

    /// <summary>Reads <c>brokerTag:topicTag</c> without throwing.</summary>
    public static bool TryParse([NotNullWhen(true)] string? value, out EventName name) => TryParse(value, out name, out _);

    /// <summary>The tags before and after the colon.</summary>
    public void Deconstruct(out string broker, out string topic) => (broker, topic) = (Broker, Topic);

    /// <summary>Whether both name the same event: tags are compared without regard to case.</summary>
    public bool Equals(EventName other) => Tags.Same(Broker, other.Broker) && Tags.Same(Topic, other.Topic);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Tags.HashOf(Broker), Tags.HashOf(Topic));

    /// <summary>The identifier as it is written, <c>brokerTag:topicTag</c>.</summary>
    public override string ToString() => $"{Broker}:{Topic}";

    private static bool TryParse([NotNullWhen(true)] string? value, out EventName name, [NotNullWhen(false)] out string? problem)
    {
        name = default;
        var colon = value?.IndexOf(':') ?? -1;
        problem = value is null ? $"the event is null; {Form}"
            : colon < 0 ? $"the event {ShownText.Quoted(value)} has no colon; {Form}"
            : value.IndexOf(':', colon + 1) >= 0 ? $"the event {ShownText.Quoted(value)} has more than one colon; {Form}"
            : colon == 0 ? $"the event {ShownText.Quoted(value)} has an empty broker tag; {Form}"
            : colon == value.Length - 1 ? $"the event {ShownText.Quoted(value)} has an empty topic tag; {Form}"
            : TagProblem(value[..colon]) is { } b ? $"the broker tag of the event {ShownText.Quoted(value)} {b}; {Form}"
            : TagProblem(value[(colon + 1)..]) is { } t ? $"the topic tag of the event {ShownText.Quoted(value)} {t}; {Form}"
            : null;
        if (problem is not null)
            return false;

        name = new EventName(value![..colon], value[(colon + 1)..]);
        return true;
    }

    private static string? PartProblem(string? tag, string which) =>
        TagProblem(tag ?? "") is { } problem ? $"the {which} tag of the event, {ShownText.Quoted(tag ?? "")}, {problem}; {Form}" : null;

    /// <summary>What is wrong with a tag of a product, broker, topic or environment, and the remedy; or null.</summary>
    internal static string? TagProblem(string tag) =>
        TagFault(tag) is var (fault, remedy) ? remedy.Length == 0 ? fault : $"{fault}; {remedy}" : null;

    /// <summary>The same in its parts.</summary>
    internal static (string Fault, string Remedy)? TagFault(string tag)
    {
        if (string.IsNullOrWhiteSpace(tag))
            return ("is blank", "");

        foreach (var c in tag)
        {
            // Every broker takes these, and they need no escaping in a URN or an address.
            if (!NamingRules.IsLetterDigitDashDotUnderscore(c))
                return ($"has the character '{(char.IsControl(c) || char.IsSurrogate(c) ? $"U+{(int)c:X4}" : c)}'", "use letters (a to z), digits, '-', '_' and '.'");
        }

        return null;
    }
}
