using System.Globalization;
using Ductape.MassTransit.Configuration.Validation;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// What a message carries of its earlier deliveries. Anybody may have written it: what is no number, or none that a
/// delivery can have, counts as if it was not there.
/// </summary>
internal static class DeliveryHeaders
{
    /// <summary>How many calls of the callback the earlier deliveries had.</summary>
    public const string Attempts = "ductape-attempts";

    public const string Redeliveries = MessageHeaders.RedeliveryCount;

    public const string Replays = "ductape-replay-count";

    // Far more than any configuration makes, and far from an overflow.
    private const int Most = 1_000_000;

    // On a copy the transport's headers say it; a bus of the application's own sends anew, and there it is in the
    // envelope.
    public static int Count(ConsumeContext context, string name) =>
        Find(context.ReceiveContext.TransportHeaders, name) ?? Find(context.Headers, name) ?? 0;

    /// <summary>The number in a header of one of these names; null for none that can be.</summary>
    public static int? CountIn(object? value, string name)
    {
        long? number = HeaderValues.Normalize(value) switch
        {
            int x => x,
            long x => x,
            string text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var x) => x,
            _ => null,
        };
        return number >= 0 && number <= MostOf(name) ? (int)number : null;
    }

    /// <summary>The highest number that counts in a header of one of these names.</summary>
    public static int MostOf(string name) => name == Redeliveries ? RetryRules.MostRedeliveries : Most;

    private static int? Find(Headers headers, string name) =>
        headers.TryGetHeader(name, out var value) ? CountIn(value, name) : null;
}
