using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>A keyword that counts what is in a value.</summary>
internal abstract class CountCheck(string name, JsonValueKind kind, bool isLeast, Func<int, string> words) : Assertion<(int Limit, string Text)>(name)
{
    protected override (int Limit, string Text) Read(JsonElement value)
    {
        var limit = (int)SchemaNumber.Read(value).Exact!.Value;
        return (limit, words(limit));
    }

    protected override string? Check((int Limit, string Text) value, JsonElement instance, MessageOptions options)
    {
        if (instance.ValueKind != kind)
            return null;

        var count = kind switch
        {
            JsonValueKind.Array => instance.GetArrayLength(),
            JsonValueKind.Object => instance.GetPropertyCount(),
            _ => Characters(SchemaJson.TextOf(instance)),
        };
        return (isLeast ? count >= value.Limit : count <= value.Limit) ? null : value.Text;
    }

    // Those of Unicode: a surrogate pair is one.
    private static int Characters(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
                count--;
        }

        return count;
    }
}

internal sealed class MinLengthCheck() : CountCheck("minLength", JsonValueKind.String, true, x => $"is shorter than {x} characters");

internal sealed class MaxLengthCheck() : CountCheck("maxLength", JsonValueKind.String, false, x => $"is longer than {x} characters");

internal sealed class MinItemsCheck() : CountCheck("minItems", JsonValueKind.Array, true, x => $"must have at least {x} elements");

internal sealed class MaxItemsCheck() : CountCheck("maxItems", JsonValueKind.Array, false, x => $"must have at most {x} elements");

internal sealed class MinPropertiesCheck() : CountCheck("minProperties", JsonValueKind.Object, true, x => $"must have at least {x} properties");

internal sealed class MaxPropertiesCheck() : CountCheck("maxProperties", JsonValueKind.Object, false, x => $"must have at most {x} properties");
