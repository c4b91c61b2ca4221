using System.Globalization;
using System.Text.Json;
using Ductape.MassTransit.Json;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// Header values in the forms that every transport carries: text, whole numbers, floating-point numbers and booleans.
/// AMQP for example refuses some decimals and unsigned numbers, and MassTransit leaves out a header that is false.
/// </summary>
internal static class HeaderValues
{
    private static readonly string[] ReservedPrefixes = ["ductape-", "MT-"];

    // What RabbitMQ, its client and MassTransit's transport for it add on the way.
    private static readonly string[] SetByRabbitMq =
        ["x-death", "x-first-death-", "x-last-death-", "x-delivery-count", "x-acquired-count", "x-dotnet-pub-seq-no", "RabbitMQ-"];

    private static readonly HashSet<string> ReadByMassTransit = new(StringComparer.OrdinalIgnoreCase)
    {
        MessageHeaders.MessageId, MessageHeaders.CorrelationId, MessageHeaders.ConversationId, MessageHeaders.RequestId,
        MessageHeaders.InitiatorId, MessageHeaders.SourceAddress, MessageHeaders.ResponseAddress, MessageHeaders.FaultAddress,
        MessageHeaders.MessageType, MessageHeaders.ContentType, "DestinationAddress", "SentTime", "ExpirationTime",
    };

    /// <summary>The headers that the publisher set, out of all that a message has.</summary>
    public static IReadOnlyDictionary<string, object?> UsersOf(IEnumerable<KeyValuePair<string, object?>> headers, bool isBare) => headers
        .Where(x => IsUsers(x.Key, isBare))
        // AMQP tells names apart by case, a peer may use both.
        .DistinctBy(x => x.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(x => x.Key, x => Normalize(x.Value) ?? (x.Value is JsonElement json ? json.Clone() : x.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The publisher's headers with the values that a transport knows better.</summary>
    public static IReadOnlyDictionary<string, object?> Combine(
        IReadOnlyDictionary<string, object?> headers, IReadOnlyDictionary<string, object?> others)
    {
        var all = new Dictionary<string, object?>(headers, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in others)
        {
            if (IsUsers(name, isBare: true))
                all[name] = Normalize(value) ?? value;
        }

        return all;
    }

    /// <summary>The prefix that makes a header the library's own, or null for a header of the user's.</summary>
    public static string? ReservedPrefix(string name) => ReservedPrefixOf(HeaderNames.Plain(name));

    /// <summary>Whether a received header is one that the publisher set.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="isBare">Whether it is of a bare message, which has the transport's headers and no others.</param>
    public static bool IsUsers(string name, bool isBare)
    {
        var plain = HeaderNames.Plain(name);
        return ReservedPrefixOf(plain) is null
            && !(isBare && (ReadByMassTransit.Contains(plain) || Array.Exists(SetByRabbitMq, x => plain.StartsWith(x, StringComparison.OrdinalIgnoreCase))));
    }

    /// <summary>Whether MassTransit takes a header of a bare message for its own.</summary>
    public static bool IsReadByMassTransit(string name) => ReadByMassTransit.Contains(HeaderNames.Plain(name));

    private static string? ReservedPrefixOf(string plainName) =>
        Array.Find(ReservedPrefixes, x => plainName.StartsWith(x, StringComparison.OrdinalIgnoreCase));

    /// <summary>A header as text; null where it is not there, or neither text, number nor boolean.</summary>
    public static string? Text(this Headers headers, string name)
    {
        if (!headers.TryGetHeader(name, out var value))
            return null;

        return value as string ?? (Normalize(value) is { } simple ? Convert.ToString(simple, CultureInfo.InvariantCulture) : null);
    }

    public static object? Normalize(object? value) => value switch
    {
        null => null,
        // JSON has no such numbers.
        double number when !double.IsFinite(number) => null,
        float number when !float.IsFinite(number) => null,
        string or int or long or double or bool => value,
        short or sbyte or byte or ushort or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        float number => (double)number,
        decimal or ulong => Convert.ToString(value, CultureInfo.InvariantCulture),
        Guid id => id.ToString("D"),
        Uri uri => uri.OriginalString,
        DateTimeOffset date => date.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        DateTime date => date.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        Enum name => name.ToString(),
        JsonElement { ValueKind: JsonValueKind.String } json => LenientJsonText.Of(json),
        JsonElement { ValueKind: JsonValueKind.True or JsonValueKind.False } json => json.GetBoolean(),
        JsonElement { ValueKind: JsonValueKind.Number } json => json.TryGetInt64(out var whole) ? whole : Normalize(json.GetDouble()),
        _ => null,
    };
}
