using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit;

/// <summary>The path of a claim, from <c>$Session{path}</c>.</summary>
internal sealed partial class SelectorPath
{
    public static readonly SelectorPath Default = new("sub");

    private readonly ImmutableArray<string> _names;

    private SelectorPath(string path)
    {
        Path = path;
        _names = [.. path.Split('.')];
    }

    public string Path { get; }

    /// <summary>Reads a selector; null where it is malformed.</summary>
    public static SelectorPath? TryParse(string selector) =>
        Selector().Match(selector) is { Success: true } match ? new SelectorPath(match.Groups["path"].Value) : null;

    /// <summary>The value as text, or null where it is missing or neither a string, a number nor a boolean.</summary>
    public string? Find(JsonElement claims)
    {
        var value = claims;
        foreach (var name in _names)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
    }

    [GeneratedRegex(@"\A\$Session\{(?<path>[^{}.\s]+(\.[^{}.\s]+)*)\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Selector();
}
