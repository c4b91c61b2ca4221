using System.Text.Json.Nodes;

namespace Ductape.MassTransit;

/// <summary>
/// Looks up references in a schema: in itself, and in those in it that have an <c>$id</c>. Outside of it there is
/// nothing.
/// </summary>
internal sealed class SchemaResources
{
    private readonly Dictionary<string, SchemaPlace> _roots = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Resource, string Anchor), SchemaPlace> _anchors = [];
    private readonly Dictionary<JsonNode, SchemaPlace> _places = new(ReferenceEqualityComparer.Instance);

    public IEnumerable<SchemaPlace> Places => _places.Values;

    /// <summary>The root's address, where it has none of its own.</summary>
    public static Uri Nowhere { get; } = new("https://schema.invalid/");

    public void Add(SchemaPlace place) => _places.Add(place.Source, place);

    /// <summary>False where another one has that address.</summary>
    public bool AddRoot(SchemaPlace place) => _roots.TryAdd(AddressOf(place.BaseUri), place);

    /// <summary>False where another one has that anchor.</summary>
    public bool AddAnchor(SchemaPlace place, string anchor) => _anchors.TryAdd((AddressOf(place.BaseUri), anchor), place);

    public SchemaPlace RootOf(SchemaPlace place) => _roots[AddressOf(place.BaseUri)];

    /// <summary>The schema that a reference leads to, or null.</summary>
    /// <param name="from">The schema that refers.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="anchor">The anchor in it, or null.</param>
    public SchemaPlace? Find(SchemaPlace from, string reference, out string? anchor)
    {
        anchor = null;
        if (!Uri.TryCreate(from.BaseUri, reference, out var address) || !_roots.TryGetValue(AddressOf(address), out var root))
            return null;

        var fragment = Uri.UnescapeDataString(reference.Split('#', 2) is [_, var text] ? text : "");
        if (fragment.Length == 0)
            return root;
        if (fragment.StartsWith('/'))
            return Follow(root.Source, fragment) is { } node ? _places.GetValueOrDefault(node) : null;

        anchor = fragment;
        return _anchors.GetValueOrDefault((AddressOf(address), fragment));
    }

    private static JsonNode? Follow(JsonNode root, string pointer)
    {
        var node = root;
        foreach (var step in pointer.Split('/').Skip(1))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node switch
            {
                JsonObject o => o[name],
                JsonArray list when int.TryParse(name, out var index) && index >= 0 && index < list.Count => list[index],
                _ => null,
            };
        }

        return node;
    }

    private static string AddressOf(Uri address) => address.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped);
}
