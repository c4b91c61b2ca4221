using System.Globalization;
using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>A keyword that compares a number with another one.</summary>
internal abstract class BoundCheck(string name, string words) : Assertion<(decimal Bound, string Text)>(name)
{
    protected override (decimal Bound, string Text) Read(JsonElement value)
    {
        var bound = SchemaNumber.Read(value).Exact!.Value;
        return (bound, string.Create(CultureInfo.InvariantCulture, $"must be {words} {bound}"));
    }

    protected override string? Check((decimal Bound, string Text) value, JsonElement instance, MessageOptions options) =>
        instance.ValueKind != JsonValueKind.Number || Fits(SchemaNumber.Read(instance), value.Bound) ? null : value.Text;

    protected abstract bool Fits(SchemaNumber number, decimal bound);
}

internal sealed class MinimumCheck() : BoundCheck("minimum", "at least")
{
    protected override bool Fits(SchemaNumber number, decimal bound) => number.CompareTo(bound) >= 0;
}

internal sealed class MaximumCheck() : BoundCheck("maximum", "at most")
{
    protected override bool Fits(SchemaNumber number, decimal bound) => number.CompareTo(bound) <= 0;
}

internal sealed class ExclusiveMinimumCheck() : BoundCheck("exclusiveMinimum", "more than")
{
    protected override bool Fits(SchemaNumber number, decimal bound) => number.CompareTo(bound) > 0;
}

internal sealed class ExclusiveMaximumCheck() : BoundCheck("exclusiveMaximum", "less than")
{
    protected override bool Fits(SchemaNumber number, decimal bound) => number.CompareTo(bound) < 0;
}

internal sealed class MultipleOfCheck() : BoundCheck("multipleOf", "a multiple of")
{
    protected override bool Fits(SchemaNumber number, decimal bound) => number.IsMultipleOf(bound);
}
