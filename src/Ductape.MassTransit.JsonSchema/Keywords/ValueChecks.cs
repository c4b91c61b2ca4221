using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>A keyword that allows some values.</summary>
internal abstract class ValuesCheck(string name) : Assertion<(HashSet<JsonElement> Values, string Text)>(name)
{
    private const int MostShown = 10;

    protected static (HashSet<JsonElement> Values, string Text) Allow(JsonElement[] values) => (values.ToHashSet(ValueComparer.Instance),
        (values.Length == 1 ? "must be " : "must be one of ") + string.Join(", ", values.Take(MostShown).Select(x => x.GetRawText()))
        + (values.Length > MostShown ? $" and {values.Length - MostShown} more" : ""));

    protected override string? Check((HashSet<JsonElement> Values, string Text) value, JsonElement instance, MessageOptions options) =>
        value.Values.Contains(instance) ? null : value.Text;
}

internal sealed class EnumCheck() : ValuesCheck("enum")
{
    protected override (HashSet<JsonElement> Values, string Text) Read(JsonElement value) => Allow([.. value.EnumerateArray()]);
}

internal sealed class ConstCheck() : ValuesCheck("const")
{
    protected override (HashSet<JsonElement> Values, string Text) Read(JsonElement value) => Allow([value]);
}

/// <summary>
/// By a set, so that the time is in proportion to the elements; JsonSchema.Net compares each with every other.
/// </summary>
internal sealed class UniqueItemsCheck() : Assertion<bool>("uniqueItems")
{
    protected override bool Read(JsonElement value) => value.GetBoolean();

    protected override string? Check(bool value, JsonElement instance, MessageOptions options)
    {
        if (!value || instance.ValueKind != JsonValueKind.Array)
            return null;

        var seen = new HashSet<JsonElement>(ValueComparer.Instance);
        return instance.EnumerateArray().All(seen.Add) ? null : "has an element twice";
    }
}
