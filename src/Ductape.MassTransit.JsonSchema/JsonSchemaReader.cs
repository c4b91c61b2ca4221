using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Ductape.MassTransit;

/// <summary>Reads JSON Schemas. Nothing outside of a schema is opened.</summary>
internal sealed class JsonSchemaReader : IMessageSchemaReader
{
    public IMessageSchema Read(JsonNode schema)
    {
        var rewriter = new SchemaRewriter();
        var rewritten = rewriter.Rewrite(schema);
        if (rewriter.Problems.Count > 0)
            throw new InvalidSchemaException(rewriter.Problems);

        var options = new BuildOptions
        {
            Dialect = SchemaDialect.Create(rewriter.Patterns),
            // All references were looked up before, so this is never asked; without it, JsonSchema.Net would ask its
            // global registry.
            SchemaRegistry = new SchemaRegistry
            {
                Fetch = (address, _) => throw new NotSupportedException($"The reference '{address}' leads out of the schema."),
            },
        };
        using var document = JsonDocument.Parse(rewritten.ToJsonString(SchemaJson.Relaxed));
        return new MessageSchema(
            JsonSchema.Build(document.RootElement.Clone(), options, rewriter.BaseUri), rewriter.Patterns.Values, rewriter.LooksAtEvaluated);
    }
}
