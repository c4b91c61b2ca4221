using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit;

/// <summary><c>format</c>, each in time in proportion to the text.</summary>
internal sealed class FormatCheck() : Assertion<string>("format")
{
    private const string Label = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
    private const string Word = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private const string Time = @"(?:[01]\d|2[0-3]):[0-5]\d";
    private const string Offset = $"(?:Z|[+-]{Time})?";
    private const string Octet = @"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)";

    private static readonly Dictionary<string, Func<string, bool>> Formats = new(StringComparer.Ordinal)
    {
        ["date-time"] = Matching($@"\d{{4}}-\d\d-\d\d[T ]{Time}(?::(?:[0-5]\d|60)(?:\.\d+)?)?{Offset}", x => IsDate(x[..10])),
        ["date"] = IsDate,
        ["time"] = Matching($@"{Time}(?::(?:[0-5]\d|60)(?:\.\d+)?)?{Offset}"),
        ["time-span"] = x => TimeSpan.TryParse(x, CultureInfo.InvariantCulture, out _),
        ["email"] = Matching($@"{Word}(?:\.{Word})*@(?:{Label}\.)+{Label}"),
        ["hostname"] = Matching($@"(?:{Label}\.)*{Label}"),
        ["ipv4"] = Matching($@"{Octet}(?:\.{Octet}){{3}}"),
        ["ipv6"] = x => x.Length <= 45 && !x.AsSpan().ContainsAny('[', '%')
            && IPAddress.TryParse(x, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6,
        // Where a path begins with a slash, .NET takes it for the address of a file.
        ["uri"] = Matching(@"[a-z][a-z0-9+.-]*:\S+", x => Uri.TryCreate(x, UriKind.Absolute, out _)),
        ["guid"] = x => Guid.TryParse(x, out _),
        ["uuid"] = x => Guid.TryParse(x, out _),
        ["byte"] = x => System.Buffers.Text.Base64.IsValid(x),
        ["base64"] = x => System.Buffers.Text.Base64.IsValid(x),
    };

    protected override string Read(JsonElement value) => value.GetString()!;

    protected override string? Check(string value, JsonElement instance, MessageOptions options) =>
        instance.ValueKind != JsonValueKind.String || !Formats.TryGetValue(value, out var fits) || fits(SchemaJson.TextOf(instance))
            ? null
            : $"does not have the format '{value}'";

    private static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static Func<string, bool> Matching(string expression, Func<string, bool>? and = null)
    {
        var whole = new Regex($@"\A(?:{expression})\z", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        return x => whole.IsMatch(x) && (and is null || and(x));
    }
}
