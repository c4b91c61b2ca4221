using System.Text.Json;
using Ductape.MassTransit.Json;

namespace Ductape.MassTransit.Schemas;

/// <summary>One walk over a message beside a sample. For one message.</summary>
internal sealed class SampleWalk
{
    private int _trials;

    /// <summary>Where the second value of a property is that is there more than once.</summary>
    public SampleDifferences? Duplicates { get; private set; }

    /// <summary>Compares the value that the reader is at, and leaves the reader at its end.</summary>
    public void Value(ref Utf8JsonReader reader, SampleShape shape, ref SampleDifferences? found)
    {
        if (!Fits(reader.TokenType, shape.Kind))
        {
            (found ??= new SampleDifferences()).Add(reader.TokenStartIndex, SampleDifferences.MustBe(shape.Kind, reader.TokenType));
            shape = SampleShape.Anything;
        }

        if (reader.TokenType == JsonTokenType.StartObject)
            Object(ref reader, shape, ref found);
        else if (reader.TokenType == JsonTokenType.StartArray)
            List(ref reader, shape, ref found);
    }

    private static bool Fits(JsonTokenType token, SampleKind kind) => kind switch
    {
        SampleKind.Object => token == JsonTokenType.StartObject,
        SampleKind.List => token == JsonTokenType.StartArray,
        SampleKind.String => token == JsonTokenType.String,
        SampleKind.Number => token == JsonTokenType.Number,
        SampleKind.Boolean => token is JsonTokenType.True or JsonTokenType.False,
        _ => true,
    };

    // What differs is told in the order of the sample.
    private void Object(ref Utf8JsonReader reader, SampleShape shape, ref SampleDifferences? found)
    {
        var offset = reader.TokenStartIndex;
        var many = shape.MemberCount <= 64 ? null : new bool[shape.MemberCount];
        var few = 0UL;
        var left = shape.MemberCount;
        SampleDifferences?[]? parts = null;
        HashSet<string>? others = null;
        HashSet<string>? twice = null;

        for (var expected = 0; reader.Read() && reader.TokenType != JsonTokenType.EndObject;)
        {
            var member = shape.Find(reader, expected);
            var isDuplicate = member < 0
                ? !(others ??= new HashSet<string>(StringComparer.Ordinal)).Add(JsonPointer.TextOf(reader))
                : IsSeen(member);
            var name = isDuplicate ? JsonPointer.TextOf(reader) : null;
            reader.Read();
            if (isDuplicate && _trials == 0 && (twice ??= new HashSet<string>(StringComparer.Ordinal)).Add(name!))
                (Duplicates ??= new SampleDifferences()).Add(reader.TokenStartIndex, "is there more than once");
            if (member < 0)
            {
                Value(ref reader, SampleShape.Anything, ref found);
                continue;
            }

            if (!isDuplicate)
            {
                left--;
                if (many is null)
                    few |= 1UL << member;
                else
                    many[member] = true;
            }

            expected = member + 1;
            var part = parts?[member];
            Value(ref reader, shape.ShapeOf(member), ref part);
            if (part is not null)
                (parts ??= new SampleDifferences?[shape.MemberCount])[member] = part;
        }

        if (left == 0 && parts is null)
            return;

        found ??= new SampleDifferences();
        for (var i = 0; i < shape.MemberCount; i++)
        {
            if (!IsSeen(i))
                found.Add(offset, "is missing", shape.NameOf(i));
            else if (parts?[i] is { } part)
                found.AddRange(part);
        }

        bool IsSeen(int member) => many is null ? (few & (1UL << member)) != 0 : many[member];
    }

    private void List(ref Utf8JsonReader reader, SampleShape shape, ref SampleDifferences? found)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (shape.Elements.Length == 1)
            {
                Value(ref reader, shape.Elements[0], ref found);
                continue;
            }

            if (shape.Elements.Length > 1 && !FitsOne(reader, shape.Elements))
                (found ??= new SampleDifferences()).Add(reader.TokenStartIndex, "is like none of the sample's elements");
            // For properties that are there twice, and to its end.
            Value(ref reader, SampleShape.Anything, ref found);
        }
    }

    private bool FitsOne(in Utf8JsonReader at, SampleShape[] shapes)
    {
        _trials++;
        foreach (var shape in shapes)
        {
            var reader = at;
            SampleDifferences? found = null;
            if (Fits(reader.TokenType, shape.Kind))
                Value(ref reader, shape, ref found);
            else
                continue;
            if (found is null)
            {
                _trials--;
                return true;
            }
        }

        _trials--;
        return false;
    }
}
