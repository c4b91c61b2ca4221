using System.Text;
using System.Text.Json;
using Ductape.MassTransit.Json;

namespace Ductape.MassTransit.Schemas;

/// <summary>What a sample, or a value in it, asks of messages.</summary>
internal sealed class SampleShape
{
    private readonly (string Name, byte[] Utf8, SampleShape Shape)[] _members;
    private readonly Dictionary<string, int>? _index;
    private readonly string _signature;

    private SampleShape(SampleKind kind, (string Name, byte[] Utf8, SampleShape Shape)[] members, SampleShape[] elements)
    {
        (Kind, _members, Elements) = (kind, members, elements);
        // Beyond that, looking at one after the other takes longer than making a string.
        _index = members.Length > 32 ? members.Select((x, i) => (x.Name, i)).ToDictionary(x => x.Name, x => x.i, StringComparer.Ordinal) : null;
        _signature = $"{kind}{{{string.Concat(members.Select(x => $"{x.Name.Length}:{x.Name}{x.Shape._signature}"))}}}"
            + $"[{string.Concat(elements.Select(x => x._signature))}]";
    }

    public static SampleShape Anything { get; } = Of(SampleKind.Anything);

    public SampleKind Kind { get; }

    /// <summary>What an element of a list may be like; none for anything.</summary>
    public SampleShape[] Elements { get; }

    public int MemberCount => _members.Length;

    public static SampleShape Of(SampleKind kind) => new(kind, [], []);

    public static SampleShape ObjectOf(IEnumerable<KeyValuePair<string, SampleShape>> members) =>
        new(SampleKind.Object, [.. members.Select(x => (x.Key, Encoding.UTF8.GetBytes(x.Key), x.Value))], []);

    public static SampleShape ListOf(IEnumerable<SampleShape> elements)
    {
        var kinds = elements.DistinctBy(x => x._signature).ToArray();
        // One that may be anything makes the others needless.
        return new SampleShape(SampleKind.List, [], Array.Exists(kinds, x => x.Kind == SampleKind.Anything) ? [] : kinds);
    }

    public string NameOf(int member) => _members[member].Name;

    public SampleShape ShapeOf(int member) => _members[member].Shape;

    /// <summary>The member of the name that the reader is at, or -1.</summary>
    /// <param name="reader">A reader at a name.</param>
    /// <param name="expected">The member that is looked at first; mostly messages have the order of the sample.</param>
    public int Find(in Utf8JsonReader reader, int expected)
    {
        // The reader cannot compare one with half of a surrogate pair.
        if (reader.ValueIsEscaped)
        {
            var text = JsonPointer.TextOf(reader);
            return Array.FindIndex(_members, x => x.Name == text);
        }

        if (expected < _members.Length && reader.ValueTextEquals(_members[expected].Utf8))
            return expected;
        if (_index is not null)
            return _index.GetValueOrDefault(JsonPointer.TextOf(reader), -1);

        for (var i = 0; i < _members.Length; i++)
        {
            if (reader.ValueTextEquals(_members[i].Utf8))
                return i;
        }

        return -1;
    }
}
