using System.Text;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Messages;

/// <summary>
/// Cuts the properties of a message that this library sends on (to <c>_error</c>, to a delay queue, back to its queue)
/// to what one frame takes. A message may come from anybody, with headers that fill its frame, and one that could not
/// be sent on would come back for ever, closing the connection each time.
/// </summary>
internal static class RabbitMqPropertyCut
{
    /// <summary>The header with the names of all that was cut, a JSON array.</summary>
    public const string Header = "ductape-cut";

    // The shortest text that is still worth its place.
    private const int Least = 64;

    // The one, then the other, so far as each is long enough.
    private static readonly string[] Shortened = [MessageHeaders.FaultStackTrace, MessageHeaders.FaultMessage];

    // What tells most in few bytes stays longest; larger ones are not what they are named for.
    private const int MostOfTelling = 1024;
    private static readonly HashSet<string> Telling = new(StringComparer.OrdinalIgnoreCase)
    {
        MessageHeaders.FaultExceptionType, MessageHeaders.FaultTimestamp, MessageHeaders.FaultRetryCount,
    };

    private static readonly int Empty = RabbitMqFrame.SizeOf(new BasicProperties { Headers = new Dictionary<string, object?>() });

    /// <summary>
    /// Cuts what does not fit, and says so in <see cref="Header"/>; leaves alone what fits. The dictionary of the
    /// headers is never changed.
    /// </summary>
    /// <param name="properties">The properties.</param>
    /// <param name="frameMax">The size of a frame as it was negotiated; 0 for no limit.</param>
    public static void Fit(BasicProperties properties, uint frameMax)
    {
        var cut = new RabbitMqCutNames(properties.Headers?.TryGetValue(Header, out var before) == true ? before : null);
        RabbitMqUnwritable.TakeOutOf(properties, cut);
        var limit = RabbitMqFrame.LimitOf(frameMax);
        if (RabbitMqFrame.SizeOf(properties) > limit)
            Cut(properties, limit - RabbitMqCutNames.MostBytes, cut);
        if (cut.HasMore)
            properties.Headers = new Dictionary<string, object?>(properties.Headers ?? new Dictionary<string, object?>()) { [Header] = cut.ToString() };
    }

    private static void Cut(BasicProperties properties, int limit, RabbitMqCutNames cut)
    {
        var headers = properties.Headers = new Dictionary<string, object?>(properties.Headers ?? new Dictionary<string, object?>());
        headers.Remove(Header);
        var over = RabbitMqFrame.SizeOf(properties) - limit;
        foreach (var name in Shortened)
        {
            if (over > 0 && headers.TryGetValue(name, out var value) && BytesOf(value) is { } text)
            {
                cut.Add(name);
                var left = text.Length - over;
                if (left >= Least)
                    headers[name] = ShortenedTo(text, left);
                else
                    headers.Remove(name);
                over = RabbitMqFrame.SizeOf(properties) - limit;
            }
        }

        // Sizes once, largest first: there may be thousands.
        var sizes = headers.Select(x => (Name: x.Key, Size: SizeOf(x.Key, x.Value))).ToList();
        foreach (var (name, size) in sizes.OrderBy(x => RankOf(x.Name, x.Size)).ThenByDescending(x => x.Size))
        {
            if (over <= 0)
                break;

            cut.Add(name);
            headers.Remove(name);
            over -= size;
        }
    }

    // What else tells of the failure, then the sender's, then all that is left.
    private static int RankOf(string name, int size)
    {
        if (Begins("MT-Fault-") || Begins("MT-Host-"))
            return Telling.Contains(name) && size <= MostOfTelling ? 2 : 0;
        return (Begins("MT-") || Begins("ductape-")) && size <= MostOfTelling ? 2 : 1;

        bool Begins(string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
    }

    private static int SizeOf(string name, object? value) =>
        RabbitMqFrame.SizeOf(new BasicProperties { Headers = new Dictionary<string, object?> { [name] = value } }) - Empty;

    private static byte[]? BytesOf(object? value) => value switch
    {
        string text => Encoding.UTF8.GetBytes(text),
        byte[] bytes => bytes,
        _ => null,
    };

    // Not in the middle of a character.
    private static string ShortenedTo(byte[] text, int length)
    {
        while (length > 0 && (text[length] & 0xC0) == 0x80)
            length--;
        return Encoding.UTF8.GetString(text, 0, length);
    }
}
