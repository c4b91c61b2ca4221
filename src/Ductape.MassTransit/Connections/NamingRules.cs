namespace Ductape.MassTransit;

/// <summary>What a transport accepts as the name of a topic entity and of a queue.</summary>
public sealed class NamingRules
{
    /// <summary>The most characters of a topic entity's name.</summary>
    public required int MaxEntityLength { get; init; }

    /// <summary>The most characters of a queue's name, already less <c>_error</c> and <c>_skipped</c>.</summary>
    public required int MaxQueueLength { get; init; }

    /// <summary>Whether a character may stand in a name.</summary>
    public required Func<char, bool> IsAllowed { get; init; }

    /// <summary>The characters that may stand in a name, in words, for messages.</summary>
    public required string AllowedCharacters { get; init; }

    /// <summary>Letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, all ASCII.</summary>
    public static bool IsLetterDigitDashDotUnderscore(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}
