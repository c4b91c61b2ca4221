using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit.SessionKeys;

/// <summary>The path of a claim, from <c>$Session{path}</c>.</summary>
internal sealed partial class SelectorPath
{
    public static readonly SelectorPath Default = new("sub");

    private SelectorPath(string path) => Path = path;

    public string Path { get; }

    /// <summary>Reads a selector; null where it is malformed.</summary>
    public static SelectorPath? TryParse(string selector) =>
        Selector().Match(selector) is { Success: true } match ? new SelectorPath(match.Groups["path"].Value) : null;

    /// <summary>The value as text, or null where it is missing or neither a string, a number nor a boolean.</summary>
    public string? Find(JsonElement claims) =>
        ClaimPath.Find(claims, Path) is { } claim && ClaimPath.TextOf(claim) is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"\A\$Session\{(?<path>[^{}.\s]+(\.[^{}.\s]+)*)\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Selector();
}
