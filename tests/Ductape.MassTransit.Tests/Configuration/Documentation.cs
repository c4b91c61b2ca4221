using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ductape.MassTransit.Tests.Configuration;

/// <summary>The XML documentation of public members as plain text.</summary>
public static partial class Documentation
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = new();

    public static string Of(Type type) => Text(Member(type, $"T:{type.FullName}"));

    /// <summary>What a property is, with its default where the documentation says it.</summary>
    public static string Of(PropertyInfo property) => Text(Member(property.DeclaringType!, $"P:{property.DeclaringType!.FullName}.{property.Name}"));

    /// <summary>The properties as they are declared, those of the base type first.</summary>
    public static IEnumerable<PropertyInfo> InOrder(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .OrderBy(x => x.DeclaringType == type).ThenBy(x => x.MetadataToken);

    private static XElement Member(Type type, string id)
    {
        var member = Files.GetOrAdd(type.Assembly, Read).GetValueOrDefault(id) ?? throw new InvalidOperationException($"{id} has no documentation.");
        return (string?)member.Element("inheritdoc")?.Attribute("cref") is { } other ? Member(type, other) : member;
    }

    private static Dictionary<string, XElement> Read(Assembly assembly) =>
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member").ToDictionary(x => (string)x.Attribute("name")!);

    private static string Text(XElement member) =>
        Space().Replace(string.Join(' ', new[] { member.Element("summary"), member.Element("value") }.OfType<XElement>().Select(Plain)), " ").Trim();

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" or "typeparamref" } reference when !reference.Nodes().Any() => Name(reference),
        XElement element => string.Concat(element.Nodes().Select(Plain)),
        _ => "",
    };

    // Of DuctapeErrorCodes.SecretNotFound the code, of other members the name.
    private static string Name(XElement reference)
    {
        var name = ((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("langword") ?? (string?)reference.Attribute("name") ?? "")
            .Split('(')[0].Split('.')[^1].Split(':')[^1].Split('`')[0];
        return typeof(DuctapeErrorCodes).GetField(name)?.GetRawConstantValue() as string ?? typeof(BrokerTypes).GetField(name)?.GetRawConstantValue() as string ?? name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
