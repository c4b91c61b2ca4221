using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit;

/// <summary>
/// An event identifier, <c>brokerTag:topicTag</c> with exactly one colon, as Ductape's events documentation defines it.
/// Tags are compared without regard to case, as the keys of a configuration are.
/// </summary>
/// <param name="Broker">The tag before the colon.</param>
/// <param name="Topic">The tag after the colon.</param>
public readonly record struct EventName(string Broker, string Topic)
{
    /// <summary>Reads <c>brokerTag:topicTag</c>.</summary>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidEvent"/>: no colon, more than one, or an empty or
    /// padded part.</exception>
    public static EventName Parse(string value) =>
        TryParse(value, out var name, out var problem)
            ? name
            : throw new DuctapeException(DuctapeErrorCodes.InvalidEvent, problem) { Event = value };

    /// <summary>Reads <c>brokerTag:topicTag</c> without throwing.</summary>
    public static bool TryParse([NotNullWhen(true)] string? value, out EventName name) => TryParse(value, out name, out _);

    /// <summary>Whether both name the same event: tags are compared without regard to case.</summary>
    public bool Equals(EventName other) => Tags.Same(Broker, other.Broker) && Tags.Same(Topic, other.Topic);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Tags.HashOf(Broker), Tags.HashOf(Topic));

    /// <summary>The identifier as it is written, <c>brokerTag:topicTag</c>.</summary>
    public override string ToString() => $"{Broker}:{Topic}";

    private static bool TryParse([NotNullWhen(true)] string? value, out EventName name, [NotNullWhen(false)] out string? problem)
    {
        name = default;
        const string form = "write it as brokerTag:topicTag, for example 'orders:order-created'.";
        var colon = value?.IndexOf(':') ?? -1;
        problem = value is null ? $"the event is null; {form}"
            : colon < 0 ? $"the event '{value}' has no colon; {form}"
            : value.IndexOf(':', colon + 1) >= 0 ? $"the event '{value}' has more than one colon; {form}"
            : colon == 0 ? $"the event '{value}' has an empty broker tag; {form}"
            : colon == value.Length - 1 ? $"the event '{value}' has an empty topic tag; {form}"
            : TagProblem(value[..colon]) is { } b ? $"the broker tag of the event '{value}' {b}; {form}"
            : TagProblem(value[(colon + 1)..]) is { } t ? $"the topic tag of the event '{value}' {t}; {form}"
            : null;
        if (problem is not null)
            return false;

        name = new EventName(value![..colon], value[(colon + 1)..]);
        return true;
    }

    /// <summary>What is wrong with a tag of a product, broker, topic or environment, or null.</summary>
    internal static string? TagProblem(string tag)
    {
        if (string.IsNullOrWhiteSpace(tag))
            return "is blank";

        foreach (var c in tag)
        {
            // Every broker takes these, and they need no escaping in a URN or an address.
            if (!NamingRules.IsLetterDigitDashDotUnderscore(c))
                return $"has the character '{(char.IsControl(c) || char.IsSurrogate(c) ? $"U+{(int)c:X4}" : c)}'; use letters (a to z), digits, '-', '_' and '.'";
        }

        return null;
    }
}
