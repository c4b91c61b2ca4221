using System.Text.Json;
using Ductape.MassTransit.Json;

namespace Ductape.MassTransit.Schemas;

/// <summary>
/// What differs in a message, or in a part of it. Finding out where something stands takes time, and only the first are
/// shown, so each is kept as the offset of its value, and those beyond the first are counted.
/// </summary>
internal sealed class SampleDifferences
{
    private const int MostShown = 20;

    private readonly List<(long Offset, string? Missing, string What)> _first = [];
    private int _count;

    public void Add(long offset, string what, string? missing = null)
    {
        _count++;
        if (_first.Count < MostShown)
            _first.Add((offset, missing, what));
    }

    public void AddRange(SampleDifferences others)
    {
        _count += others._count;
        _first.AddRange(others._first.Take(MostShown - _first.Count));
    }

    public static string Describe(ReadOnlySpan<byte> json, params ReadOnlySpan<SampleDifferences?> parts)
    {
        var all = new SampleDifferences();
        foreach (var part in parts)
        {
            if (part is not null)
                all.AddRange(part);
        }

        var shown = new List<string>(all._first.Count);
        foreach (var (offset, missing, what) in all._first)
        {
            var pointer = JsonPointer.At(json, offset);
            shown.Add((missing is null ? pointer : (pointer == JsonPointer.Root ? "" : pointer) + JsonPointer.Step(missing)) + " " + what);
        }

        return string.Join("; ", shown) + (all._count > shown.Count ? $"; and {all._count - shown.Count} more" : "");
    }

    public static string MustBe(SampleKind expected, JsonTokenType token) => $"must be {NameOf(expected)}, and is {NameOf(token)}";

    private static string NameOf(SampleKind kind) => kind switch
    {
        SampleKind.Object => "an object",
        SampleKind.List => "a list",
        _ => $"a {kind.ToString().ToLowerInvariant()}",
    };

    private static string NameOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };
}
