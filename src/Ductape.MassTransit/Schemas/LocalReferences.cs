using NJsonSchema;
using NJsonSchema.References;

namespace Ductape.MassTransit;

/// <summary>
/// Follows references inside a schema alone, whatever <see cref="SchemaInspection"/> may have missed: NJsonSchema would open files and
/// addresses.
/// </summary>
internal sealed class LocalReferences(JsonSchema schema) : JsonReferenceResolver(new JsonSchemaAppender(schema, new DefaultTypeNameGenerator()))
{
    public override Task<IJsonReference> ResolveFileReferenceAsync(string filePath, CancellationToken cancellationToken = default) => throw Refused(filePath);

    public override Task<IJsonReference> ResolveUrlReferenceAsync(string url, CancellationToken cancellationToken = default) => throw Refused(url);

    private static NotSupportedException Refused(string reference) => new($"The reference '{reference}' leads out of the schema.");
}
