namespace Ductape.MassTransit;

/// <summary>Which dead letters a call is about: those that fit everything that is set.</summary>
public sealed record DeadLetterSelection
{
    /// <summary>All of them.</summary>
    public static DeadLetterSelection All { get; } = new();

    /// <summary>
    /// Only those with these message ids, as <see cref="DeadLetter.MessageId"/> shows them. Default: null, whatever the
    /// id.
    /// </summary>
    public IReadOnlyCollection<string>? MessageIds { get; init; }

    /// <summary>
    /// Only those for which this is true; called once for each that the rest fits, one after the other, the oldest
    /// first. Default: null.
    /// </summary>
    public Func<DeadLetter, bool>? Where { get; init; }

    /// <summary>At most so many, the oldest first; at least 1. Default: null, no limit.</summary>
    public int? Limit { get; init; }

    /// <summary>Those with given message ids.</summary>
    public static DeadLetterSelection ByMessageId(params IReadOnlyCollection<string> messageIds) => new() { MessageIds = messageIds };
}
