using System.Text.Encodings.Web;
using System.Text.Json;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// The header of a transport that cut a message to what its broker takes: the names of what was cut, a JSON array.
/// </summary>
internal static class CutNames
{
    public const string Header = "ductape-cut";

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<string> Of(DeadLetterMessage message)
    {
        try
        {
            return FailureHeaders.Text(message, Header) is { } json ? JsonSerializer.Deserialize<string?[]>(json)?.OfType<string>().ToArray() ?? [] : [];
        }
        catch (JsonException)
        {
            // A peer's own header of this name.
            return [];
        }
    }

    /// <summary>The header without what a replay leaves behind; null where nothing else was cut.</summary>
    public static string? Without(DeadLetterMessage message, Predicate<string> isLeftBehind)
    {
        string[] left = [.. Of(message).Where(x => !isLeftBehind(x))];
        return left.Length == 0 ? null : JsonSerializer.Serialize(left, Options);
    }
}
