using System.Globalization;

namespace Ductape.MassTransit;

/// <summary>
/// How a message waits for its redelivery: SQS hides it for up to 15 minutes. A longer wait is several of these,
/// between which a subscriber gets it and puts it back without calling anybody.
/// </summary>
internal static class AmazonSqsDelay
{
    /// <summary>
    /// When the message is due, in milliseconds since 1970 UTC; only on one that waits longer than SQS hides it at
    /// once.
    /// </summary>
    public const string DueHeader = "ductape-due";

    /// <summary>The longest <c>DelaySeconds</c>.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The <c>DelaySeconds</c> of a wait: whole seconds, never less than the wait where SQS can wait that long.
    /// </summary>
    public static int SecondsOf(TimeSpan wait) => (int)Math.Ceiling((wait < Longest ? wait : Longest).TotalSeconds);

    /// <summary>
    /// The value of <see cref="DueHeader"/> for a wait that begins now; null for one that SQS does at once.
    /// </summary>
    public static string? DueAfter(TimeSpan wait, DateTimeOffset now) =>
        wait > Longest ? (now + wait).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>How long a message still has to wait; null for one that is due.</summary>
    public static TimeSpan? RemainingOf(string? due, DateTimeOffset now)
    {
        if (!long.TryParse(due, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            return null;

        // SQS counts in whole seconds; what is left of one is not worth another round.
        var left = TimeSpan.FromMilliseconds(at - now.ToUnixTimeMilliseconds());
        return left >= TimeSpan.FromSeconds(1) ? left : null;
    }
}
