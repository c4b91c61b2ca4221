using System.Text.Json.Nodes;
using NJsonSchema;

namespace Ductape.MassTransit;

/// <summary>Reads a JSON Schema. Nothing outside it is opened.</summary>
internal static class SchemaReader
{
    /// <summary>The schema, or null where there are problems.</summary>
    /// <param name="json">The schema.</param>
    /// <param name="source">Where it is from, for messages about messages: <c>schema</c> or <c>sample</c>.</param>
    /// <param name="path">Where it is configured, for messages.</param>
    /// <param name="problems">Receives the problems.</param>
    public static MessageSchema? Read(JsonNode json, string source, string path, ICollection<string> problems)
    {
        try
        {
            var copy = json.DeepClone();
            var inspection = new SchemaInspection();
            inspection.Run(copy);
            foreach (var problem in inspection.Problems)
                problems.Add($"{path} {problem}");
            if (inspection.Problems.Count > 0)
                return null;

            // Since nothing is opened, it is there at once.
            var schema = JsonSchema.FromJsonAsync(copy.ToJsonString(), null, x => new LocalReferences(x)).GetAwaiter().GetResult();
            return new MessageSchema(schema, inspection.Enumerations, inspection.Patterns, source);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            problems.Add($"{path} cannot be read: {exception.Message}");
            return null;
        }
    }
}
