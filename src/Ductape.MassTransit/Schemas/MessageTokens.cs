using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Newtonsoft.Json.Linq;

namespace Ductape.MassTransit;

/// <summary>
/// JSON as the tokens that NJsonSchema works on. Newtonsoft's own reader would turn texts into dates, let the last of two properties of
/// one name win, and make numbers that cannot be compared.
/// </summary>
internal static class MessageTokens
{
    /// <param name="json">The message, valid JSON.</param>
    /// <param name="duplicates">Receives where the second value of a property begins that is there more than once.</param>
    public static JToken Read(ReadOnlySpan<byte> json, ICollection<long> duplicates)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return ReadValue(ref reader, duplicates);
    }

    /// <summary>A value of a schema, read as those of messages are, so that they can be compared.</summary>
    public static JToken Read(string json) => Read(Encoding.UTF8.GetBytes(json), []);

    private static JToken ReadValue(ref Utf8JsonReader reader, ICollection<long> duplicates) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, duplicates),
        JsonTokenType.StartArray => ReadArray(ref reader, duplicates),
        JsonTokenType.String => new JValue(JsonPointer.TextOf(reader)),
        JsonTokenType.Number => ReadNumber(reader.ValueSpan),
        JsonTokenType.True => new JValue(true),
        JsonTokenType.False => new JValue(false),
        _ => JValue.CreateNull(),
    };

    private static JObject ReadObject(ref Utf8JsonReader reader, ICollection<long> duplicates)
    {
        var result = new JObject();
        HashSet<string>? twice = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = JsonPointer.TextOf(reader);
            reader.Read();
            if (result.ContainsKey(name) && (twice ??= []).Add(name))
                duplicates.Add(reader.TokenStartIndex);
            result[name] = ReadValue(ref reader, duplicates);
        }

        return result;
    }

    private static JArray ReadArray(ref Utf8JsonReader reader, ICollection<long> duplicates)
    {
        var result = new JArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            result.Add(ReadValue(ref reader, duplicates));
        return result;
    }

    // As since draft 6, 1.0 is an integer.
    private static JValue ReadNumber(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out long small, out var consumed) && consumed == text.Length)
            return new JValue(small);

        var approximate = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) || (exact == 0 && approximate != 0))
            return double.IsInteger(approximate) || double.IsInfinity(approximate) ? new WholeNumber(approximate) : new JValue(approximate);
        if (!decimal.IsInteger(exact))
            return new JValue(exact);
        return exact is >= long.MinValue and <= long.MaxValue ? new JValue((long)exact) : new WholeNumber(exact);
    }

    /// <summary>A whole number beyond 64 bits: NJsonSchema can compare it as a decimal or a double, and could not as a BigInteger.</summary>
    private sealed class WholeNumber : JValue
    {
        public WholeNumber(decimal value)
            : base(value)
        {
        }

        public WholeNumber(double value)
            : base(value)
        {
        }

        public override JTokenType Type => JTokenType.Integer;
    }
}
