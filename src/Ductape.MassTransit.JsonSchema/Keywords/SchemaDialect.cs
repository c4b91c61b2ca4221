using System.Collections.Frozen;
using Json.Schema;
using Json.Schema.Keywords;

namespace Ductape.MassTransit;

/// <summary>
/// The keywords that a schema has once <see cref="SchemaRewriter"/> has rewritten it. JsonSchema.Net combines schemas
/// and follows references; what looks at values is here, since its own words show them, and its patterns and numbers
/// keep other rules.
/// </summary>
internal static class SchemaDialect
{
    private static readonly IKeywordHandler[] Fixed =
    [
        new NeverCheck(), new TypeCheck(), new EnumCheck(), new ConstCheck(), new MinimumCheck(), new MaximumCheck(), new ExclusiveMinimumCheck(),
        new ExclusiveMaximumCheck(), new MultipleOfCheck(), new MinLengthCheck(), new MaxLengthCheck(), new MinItemsCheck(), new MaxItemsCheck(),
        new MinPropertiesCheck(), new MaxPropertiesCheck(), new UniqueItemsCheck(), new RequiredCheck(), new DependentRequiredCheck(), new FormatCheck(),
        new ItemsCheck(), new ContainsCheck(), new PropertiesCheck(), new AdditionalPropertiesCheck(),
        AllOfKeyword.Instance, AnyOfKeyword.Instance, OneOfKeyword.Instance, NotKeyword.Instance, IfKeyword.Instance, ThenKeyword.Instance, ElseKeyword.Instance,
        PrefixItemsKeyword.Instance, MinContainsKeyword.Instance, MaxContainsKeyword.Instance, UnevaluatedItemsKeyword.Instance,
        PropertyNamesKeyword.Instance, DependentSchemasKeyword.Instance, UnevaluatedPropertiesKeyword.Instance,
        DefsKeyword.Instance, IdKeyword.Instance, AnchorKeyword.Instance, RefKeyword.Instance, DynamicAnchorKeyword.Instance,
        global::Json.Schema.Keywords.Draft202012.DynamicRefKeyword.Instance,
    ];

    // The other words of a result are JsonSchema.Net's.
    private static readonly FrozenSet<string> Own = Fixed.Where(x => x.GetType().Assembly == typeof(SchemaDialect).Assembly)
        .Select(x => x.Name).Append("pattern")
        .Except(["items", "properties", "additionalProperties"]).ToFrozenSet();

    public static Dialect Create(IReadOnlyDictionary<string, SchemaPattern> patterns) =>
        new([.. Fixed, new PatternCheck(patterns), new PatternPropertiesCheck(patterns)]);

    /// <summary>Whether the words that a keyword has for a difference are from here.</summary>
    public static bool IsOwn(string keyword) => Own.Contains(keyword);
}
