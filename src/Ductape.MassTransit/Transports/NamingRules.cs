using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Ductape.MassTransit.Transports;

/// <summary>What a transport accepts as the name of a topic entity and of a queue.</summary>
[Experimental("DUCTAPE001")]
public sealed class NamingRules
{
    private const int HashLength = 8;

    /// <summary>The rules of MassTransit's in-memory transport.</summary>
    internal static readonly NamingRules InMemory = new()
    {
        MaxEntityLength = 255,
        MaxQueueLength = 247,
        IsAllowed = IsLetterDigitDashDotUnderscore,
        AllowedCharacters = "letters (a to z), digits, '-', '_' and '.'",
    };

    /// <summary>The most characters of a topic entity's name.</summary>
    public required int MaxEntityLength { get; init; }

    /// <summary>The most characters of a queue's name, already less <c>_error</c> and <c>_skipped</c>.</summary>
    public required int MaxQueueLength { get; init; }

    /// <summary>Whether a character may stand in a name.</summary>
    public required Func<char, bool> IsAllowed { get; init; }

    /// <summary>The characters that may stand in a name, in words, for messages.</summary>
    public required string AllowedCharacters { get; init; }

    /// <summary>What every name begins with, part of its length. <value>Default: nothing.</value></summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// What every name must end with, like <c>.fifo</c>, part of its length. <value>Default: nothing.</value>
    /// </summary>
    public string Suffix { get; init; } = "";

    /// <summary>Letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, all ASCII.</summary>
    public static bool IsLetterDigitDashDotUnderscore(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';

    /// <summary>
    /// A name with prefix and suffix that fits: one that the broker takes stays as it is; any other keeps its beginning
    /// and gets a hash of the whole, the same on every machine.
    /// </summary>
    /// <param name="name">The name, without prefix and suffix.</param>
    /// <param name="maxLength">The most characters of the result.</param>
    public string Fit(string name, int maxLength)
    {
        var room = maxLength - Prefix.Length - Suffix.Length;
        if (name.Length <= room && name.All(IsAllowed))
            return Prefix + name + Suffix;

        var clean = string.Concat(name.Select(c => IsAllowed(c) ? c : '-'));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        return $"{Prefix}{clean[..Math.Min(clean.Length, room - HashLength - 1)]}-{hash}{Suffix}";
    }

    /// <summary>
    /// What is wrong with a name that was configured explicitly, or null. An explicit name needs no prefix.
    /// </summary>
    internal (string Fault, string Remedy)? Fault(string name, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(name))
            return ("is blank", "");
        if (name.Length > maxLength)
            return ($"has {name.Length} characters", $"at most {maxLength} fit");
        if (!name.EndsWith(Suffix, StringComparison.Ordinal))
            return ($"does not end with '{Suffix}', as every name here must", "");
        return name[..^Suffix.Length].All(IsAllowed) ? null : ("has a character that the broker does not accept", $"use {AllowedCharacters}");
    }
}
