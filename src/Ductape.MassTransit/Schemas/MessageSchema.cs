using NJsonSchema;

namespace Ductape.MassTransit;

/// <summary>A schema that was read once and checks any number of messages at the same time.</summary>
/// <param name="schema">The schema.</param>
/// <param name="enumerations">The values of its <c>enum</c>s.</param>
/// <param name="source">Where it is from, for messages: <c>schema</c> or <c>sample</c>.</param>
internal sealed class MessageSchema(JsonSchema schema, IReadOnlyList<SchemaEnumeration> enumerations, string source)
{
    private readonly MessageValidator _validator = new(enumerations);

    public string Source => source;

    /// <summary>What differs, each with its JSON pointer and without a value of the message; empty where nothing does.</summary>
    public IReadOnlyCollection<string> Differences(ReadOnlySpan<byte> json)
    {
        var duplicates = new List<long>();
        var message = MessageTokens.Read(json, duplicates);
        var errors = _validator.Validate(message, schema);
        if (errors.Count == 0 && duplicates.Count == 0)
            return [];

        var differences = new List<string>();
        foreach (var offset in duplicates)
            differences.Add($"{JsonPointer.At(json, offset)} is there more than once");
        differences.AddRange(errors.SelectMany(_validator.Describe));
        return [.. differences.Distinct()];
    }
}
