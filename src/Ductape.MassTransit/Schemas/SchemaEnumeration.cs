using System.Text.Json.Nodes;
using Newtonsoft.Json.Linq;

namespace Ductape.MassTransit;

/// <summary>The values of an <c>enum</c> or <c>const</c>. NJsonSchema compares their texts alone, so that "1" would pass for 1.</summary>
internal sealed class SchemaEnumeration(IReadOnlyList<JsonNode?> values)
{
    /// <summary>The keyword that takes the place of <c>enum</c> in what NJsonSchema reads, with the index of the enumeration.</summary>
    public const string Keyword = "x-ductape-enum";

    private const int MostShown = 10;

    private readonly JToken[] _values = [.. values.Select(x => MessageTokens.Read(x?.ToJsonString() ?? "null"))];

    public string Description { get; } = (values.Count == 1 ? "must be " : "must be one of ")
        + string.Join(", ", values.Take(MostShown).Select(x => x?.ToJsonString(PayloadJson.DefaultOptions) ?? "null"))
        + (values.Count > MostShown ? $" and {values.Count - MostShown} more" : "");

    public bool Contains(JToken token) => Array.Exists(_values, x => JToken.DeepEquals(x, token));
}
