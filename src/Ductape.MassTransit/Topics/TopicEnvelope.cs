using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using Ductape.MassTransit.Json;
using MassTransit.Serialization;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// Where the parts of MassTransit's JSON envelope lie in the bytes of one message, found in one pass. It reads what
/// MassTransit writes; anything that could be read in more than one way (names in another case, escaped ids, properties
/// given twice, values of another type) it leaves to MassTransit itself, so that both accept and refuse the same.
/// </summary>
internal struct TopicEnvelope
{
    private static readonly byte[][] HostTexts =
    [
        "machineName"u8.ToArray(), "processName"u8.ToArray(), "assembly"u8.ToArray(), "assemblyVersion"u8.ToArray(),
        "frameworkVersion"u8.ToArray(), "massTransitVersion"u8.ToArray(), "operatingSystemVersion"u8.ToArray(),
    ];

    // As MassTransit reads: its options are a static that an application may change before it starts its bus.
    private static readonly JsonReaderOptions ReaderOptions = new()
    {
        AllowTrailingCommas = SystemTextJsonMessageSerializer.Options.AllowTrailingCommas,
        CommentHandling = SystemTextJsonMessageSerializer.Options.ReadCommentHandling,
        MaxDepth = SystemTextJsonMessageSerializer.Options.MaxDepth,
    };

    private EnvelopeParts _parts;
    private bool _hasType;

    public DateTime? ExpirationTime { get; private set; }

    public DateTime? SentTime { get; private set; }

    /// <summary>
    /// The bytes of a part: texts without their quotation marks, objects with their braces; empty where there are none.
    /// </summary>
    public readonly Range this[EnvelopePart part] => _parts[(int)part].Range;

    /// <summary>Reads the envelope of a message of one type.</summary>
    /// <param name="body">The whole envelope.</param>
    /// <param name="urn">The URN that has to be among its message types.</param>
    /// <param name="envelope">The parts.</param>
    /// <returns>False where MassTransit has to read it, or refuse it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, ReadOnlySpan<byte> urn, out TopicEnvelope envelope)
    {
        envelope = default;
        try
        {
            var reader = new Utf8JsonReader(body, ReaderOptions);
            return envelope.TryRead(ref reader, urn);
        }
        // Malformed JSON, text that is not Unicode, a time that is none.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private bool TryRead(ref Utf8JsonReader reader, ReadOnlySpan<byte> urn)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;

        var expected = 0;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped || !EnvelopePartNames.TryFind(reader.ValueSpan, expected, out var index))
                return false;

            reader.Read();
            if (index < 0)
            {
                reader.Skip();
                continue;
            }

            if ((seen & (1 << index)) != 0 || !TryReadPart(ref reader, (EnvelopePart)index, urn))
                return false;

            seen |= 1 << index;
            expected = index + 1;
        }

        // The last read finds what follows the envelope.
        return _hasType && _parts[(int)EnvelopePart.Message].Length > 0 && !reader.Read();
    }

    private bool TryReadPart(ref Utf8JsonReader reader, EnvelopePart part, ReadOnlySpan<byte> urn)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return part is not (EnvelopePart.Message or EnvelopePart.MessageType);

        switch (part)
        {
            case EnvelopePart.MessageType:
                return TryReadTypes(ref reader, urn);
            case EnvelopePart.Message:
                Keep(ref reader, part);
                return true;
            case EnvelopePart.ExpirationTime:
                ExpirationTime = reader.GetDateTime();
                return true;
            case EnvelopePart.SentTime:
                SentTime = reader.GetDateTime();
                return true;
            case EnvelopePart.Headers:
                return TryReadHeaders(ref reader);
            case EnvelopePart.Host:
                return TryReadHost(ref reader);
            default:
                _parts[(int)part] = new Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                return PlainJsonText.IsAt(ref reader);
        }
    }

    private bool TryReadTypes(ref Utf8JsonReader reader, ReadOnlySpan<byte> urn)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return false;

        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!PlainJsonText.IsAt(ref reader))
                return false;
            _hasType |= System.Text.Ascii.EqualsIgnoreCase(reader.ValueSpan, urn);
        }

        _parts[(int)EnvelopePart.MessageType] = new Slice(start, (int)reader.BytesConsumed - start);
        return true;
    }

    // MassTransit reads all headers at once, so one that it could not read has to be found now.
    private bool TryReadHeaders(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        var start = (int)reader.TokenStartIndex;
        var depth = reader.CurrentDepth;
        var any = false;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth))
        {
            any = true;
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
                continue;
            if (reader.ValueIsEscaped)
            {
                if (string.IsNullOrWhiteSpace(reader.GetString()) && reader.TokenType == JsonTokenType.PropertyName)
                    return false;
            }
            else if (!Utf8.IsValid(reader.ValueSpan) || (reader.TokenType == JsonTokenType.PropertyName && PlainJsonText.IsBlank(reader.ValueSpan)))
            {
                return false;
            }
        }

        if (any)
            _parts[(int)EnvelopePart.Headers] = new Slice(start, (int)reader.BytesConsumed - start);
        return true;
    }

    private bool TryReadHost(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isNumber = reader.ValueSpan.SequenceEqual("processId"u8);
            if (!isNumber && !IsAny(HostTexts, reader.ValueSpan))
                return false;

            reader.Read();
            if (isNumber ? reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out _)
                : reader.TokenType != JsonTokenType.Null && !PlainJsonText.IsAt(ref reader))
            {
                return false;
            }
        }

        _parts[(int)EnvelopePart.Host] = new Slice(start, (int)reader.BytesConsumed - start);
        return true;
    }

    private void Keep(ref Utf8JsonReader reader, EnvelopePart part)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        _parts[(int)part] = new Slice(start, (int)reader.BytesConsumed - start);
    }

    private static bool IsAny(byte[][] names, ReadOnlySpan<byte> name)
    {
        foreach (var x in names)
        {
            if (name.SequenceEqual(x))
                return true;
        }

        return false;
    }

    private readonly record struct Slice(int Start, int Length)
    {
        public Range Range => new(Start, Start + Length);
    }

    [InlineArray(15)]
    private struct EnvelopeParts
    {
        private Slice _first;
    }
}
