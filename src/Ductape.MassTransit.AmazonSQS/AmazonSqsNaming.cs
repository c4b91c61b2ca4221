using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// SQS and SNS take letters, digits, hyphens and underscores; MassTransit's own check lets periods and colons through,
/// which AWS refuses. Queues may have 80 characters, their <c>_error</c> and <c>_skipped</c> included, SNS topics 256;
/// <c>.fifo</c> counts and comes last.
/// </summary>
internal static class AmazonSqsNaming
{
    public const string FifoSuffix = ".fifo";

    public static NamingRules Rules { get; } = Create("", "");

    public static NamingRules RulesOf(AmazonSqsSettings settings) => settings.Scope is null && !settings.Fifo
        ? Rules
        : Create(settings.Scope is null ? "" : $"{settings.Scope}_", settings.Fifo ? FifoSuffix : "");

    public static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    /// <summary>The queue that MassTransit moves failed messages to.</summary>
    public static string ErrorQueue(string queue) => Beside(queue, "_error");

    /// <summary>The queue that MassTransit moves messages to which nobody reads.</summary>
    public static string SkippedQueue(string queue) => Beside(queue, "_skipped");

    private static string Beside(string queue, string suffix) => queue.EndsWith(FifoSuffix, StringComparison.Ordinal)
        ? queue[..^FifoSuffix.Length] + suffix + FifoSuffix
        : queue + suffix;

    private static NamingRules Create(string prefix, string suffix) => new()
    {
        MaxEntityLength = 256,
        MaxQueueLength = 80 - "_skipped".Length,
        IsAllowed = IsAllowed,
        AllowedCharacters = "letters (a to z), digits, '-' and '_'",
        Prefix = prefix,
        Suffix = suffix,
    };
}
