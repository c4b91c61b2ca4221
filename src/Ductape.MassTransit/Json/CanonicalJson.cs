using System.Buffers;
using System.Text.Json;

namespace Ductape.MassTransit.Json;

/// <summary>
/// JSON without white space and with the members of every object in the order of their names, so that two texts which
/// differ in nothing else are the same bytes. Numbers, strings and names stay as they are written: <c>1.0</c> is not
/// <c>1</c>.
/// </summary>
internal static class CanonicalJson
{
    /// <param name="json">One JSON value, valid.</param>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(json.Length, 1));
        var reader = new Utf8JsonReader(json);
        reader.Read();
        WriteValue(ref reader, output);
        return output.WrittenSpan;
    }

    private static void WriteValue(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader, output);
                break;
            case JsonTokenType.StartArray:
                output.Write("["u8);
                for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
                {
                    if (!first)
                        output.Write(","u8);
                    WriteValue(ref reader, output);
                }

                output.Write("]"u8);
                break;
            case JsonTokenType.String:
                WriteQuoted(reader.ValueSpan, output);
                break;
            default:
                output.Write(reader.ValueSpan);
                break;
        }
    }

    private static void WriteObject(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        var members = new List<Member>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = new ArrayBufferWriter<byte>();
            WriteQuoted(reader.ValueSpan, member);
            var nameLength = member.WrittenCount;
            member.Write(":"u8);
            reader.Read();
            WriteValue(ref reader, member);
            members.Add(new Member(member.WrittenMemory, nameLength));
        }

        output.Write("{"u8);
        var first = true;
        // A stable sort: a name that is there twice keeps its order, since a reader would take the last.
        foreach (var member in members.Order(Member.ByName))
        {
            if (!first)
                output.Write(","u8);
            first = false;
            output.Write(member.Text.Span);
        }

        output.Write("}"u8);
    }

    private static void WriteQuoted(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        output.Write(text);
        output.Write("\""u8);
    }

    private readonly record struct Member(ReadOnlyMemory<byte> Text, int NameLength)
    {
        public static readonly IComparer<Member> ByName = Comparer<Member>.Create(static (x, y) =>
            x.Text.Span[..x.NameLength].SequenceCompareTo(y.Text.Span[..y.NameLength]));
    }
}
