using System.Text.Json.Nodes;

namespace Ductape.MassTransit;

/// <summary>One schema in a schema, as it was written and as it is rewritten.</summary>
/// <param name="at">The steps to it.</param>
/// <param name="source">As it was written.</param>
/// <param name="baseUri">What its references are relative to.</param>
internal sealed class SchemaPlace(string[] at, JsonNode source, Uri baseUri)
{
    public string[] At => at;

    public JsonNode Source => source;

    public Uri BaseUri => baseUri;

    /// <summary>As it is rewritten.</summary>
    public JsonObject Output { get; } = [];

    /// <summary>Its references, in the order in which they were written.</summary>
    public List<(string Keyword, JsonNode? Value)> References { get; } = [];

    /// <summary>The schemas that it applies to the same value.</summary>
    public List<SchemaPlace> Applied { get; } = [];

    public string? DynamicAnchor => Output["$dynamicAnchor"]?.GetValue<string>();
}
