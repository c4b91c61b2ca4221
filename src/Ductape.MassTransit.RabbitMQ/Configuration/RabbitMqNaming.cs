using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.RabbitMQ.Configuration;

/// <summary>
/// Names in RabbitMQ are at most 255 bytes. MassTransit allows letters of every alphabet; ASCII keeps bytes and
/// characters the same.
/// </summary>
internal static class RabbitMqNaming
{
    private const int MaxLength = 255;

    public static NamingRules Rules { get; } = new()
    {
        MaxEntityLength = MaxLength,
        MaxQueueLength = MaxLength - "_skipped".Length,
        IsAllowed = c => NamingRules.IsLetterDigitDashDotUnderscore(c) || c == ':',
        AllowedCharacters = "letters (a to z), digits, '-', '_', '.' and ':'",
    };

    /// <summary>The queue that MassTransit moves failed messages to.</summary>
    public static string ErrorQueue(string queue) => $"{queue}_error";

    /// <summary>
    /// The queue where messages of a queue wait for a delay. The delay is part of the name, since a queue cannot change
    /// its own. Shortened with a hash of the whole where it does not fit.
    /// </summary>
    public static string DelayQueue(string queue, TimeSpan delay) => Rules.Fit($"{queue}_delay_{(long)delay.TotalMilliseconds}", MaxLength);
}
