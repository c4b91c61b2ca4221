using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary><c>pattern</c>, within the time that the message has.</summary>
/// <param name="patterns">The patterns of the schema by their text.</param>
internal sealed class PatternCheck(IReadOnlyDictionary<string, SchemaPattern> patterns) : Assertion<SchemaPattern>("pattern")
{
    protected override SchemaPattern Read(JsonElement value) => patterns[value.GetString()!];

    protected override string? Check(SchemaPattern value, JsonElement instance, MessageOptions options) =>
        instance.ValueKind != JsonValueKind.String || options.Budget.IsMatch(value, SchemaJson.TextOf(instance))
            ? null
            : $"does not match the pattern '{value.Text}'";
}
