using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ductape.MassTransit;

/// <summary>
/// Looks at the values of keywords. A wrong one is a problem at the start, not a difference in every message.
/// </summary>
internal sealed class KeywordRules
{
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, SchemaPattern> _patterns = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The patterns by their text, each with the first place where it is.</summary>
    public IReadOnlyDictionary<string, SchemaPattern> Patterns => _patterns;

    public static string? TextOf(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? result) ? result : null;

    public static bool IsBoolean(JsonNode? value) => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    /// <summary>Looks at the value of a keyword that holds no schemas.</summary>
    public void Check(KeywordKind kind, JsonNode? value, string[] at)
    {
        switch (kind)
        {
            case KeywordKind.Type:
                string?[] types = value is JsonArray list ? [.. list.Select(TextOf)] : [TextOf(value)];
                Expect(types.Length > 0 && types.All(x => x is not null && SchemaKeywords.Types.Contains(x)), at, value,
                    $"must be one or a list of {string.Join(", ", SchemaKeywords.Types.Order(StringComparer.Ordinal))}");
                break;
            case KeywordKind.Values:
                Expect(value is JsonArray { Count: > 0 }, at, value, "must be a list of values");
                break;
            case KeywordKind.Names:
                Expect(AreNames(value), at, value, "must be a list of names of properties");
                break;
            case KeywordKind.NamesByName:
                Expect(value is JsonObject names && names.All(x => AreNames(x.Value)), at, value, "must be an object of lists of names of properties");
                break;
            case KeywordKind.Number:
                Expect(NumberOf(value) is not null, at, value, "must be a number that a decimal can hold");
                break;
            case KeywordKind.PositiveNumber:
                Expect(NumberOf(value) > 0, at, value, "must be a number over zero");
                break;
            case KeywordKind.NumberOrBoolean:
                Expect(NumberOf(value) is not null || IsBoolean(value), at, value, "must be a number, or in draft 4 true or false");
                break;
            case KeywordKind.Count:
                Expect(NumberOf(value) is { } count && decimal.IsInteger(count) && count is >= 0 and <= int.MaxValue, at, value,
                    "must be a whole number, zero or more");
                break;
            case KeywordKind.Boolean:
                Expect(IsBoolean(value), at, value, "must be true or false");
                break;
            case KeywordKind.Pattern:
                CheckPattern(TextOf(value), at, value);
                break;
            case KeywordKind.Text:
                Expect(TextOf(value) is not null, at, value, "must be a string");
                break;
        }
    }

    public void CheckPattern(string? pattern, string[] at, JsonNode? value)
    {
        try
        {
            Expect(pattern is not null, at, value, "must be a string");
            if (pattern is not null && !_patterns.ContainsKey(pattern))
                _patterns.Add(pattern, new SchemaPattern(pattern, SchemaJson.PointerOf(at)));
        }
        catch (ArgumentException exception)
        {
            Problem(at, value, $"is no regular expression of .NET: {exception.Message.TrimEnd('.')}");
        }
    }

    public bool Expect(bool isSo, string[] at, JsonNode? value, string what)
    {
        if (!isSo)
            Problem(at, value, what);
        return isSo;
    }

    public void Problem(string[] at, JsonNode? value, string what)
    {
        var text = value?.ToJsonString(SchemaJson.Relaxed) ?? "null";
        _problems.Add($"at {SchemaJson.PointerOf(at)} has {(text.Length > 80 ? text[..80] + "…" : text)}: {what}.");
    }

    public void Loop(string[] at) =>
        _problems.Add($"at {SchemaJson.PointerOf(at)} refers to itself without going down into the message, so that checking would never end.");

    private static bool AreNames(JsonNode? value) => value is JsonArray names && names.All(x => TextOf(x) is not null);

    private static decimal? NumberOf(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var result)
            ? result
            : null;
}
