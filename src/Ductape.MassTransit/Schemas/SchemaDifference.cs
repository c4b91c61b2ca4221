using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;
using static NJsonSchema.Validation.ValidationErrorKind;

namespace Ductape.MassTransit;

/// <summary>What is wrong with a message, in words: where, and what the schema asks. Never a value of the message.</summary>
internal static class SchemaDifference
{
    /// <summary>The errors that an error is made of, where all of them count; else the error itself.</summary>
    public static IEnumerable<ValidationError> Parts(ValidationError error) => error switch
    {
        ChildSchemaValidationError { Kind: not (NotAnyOf or NotOneOf) } several => several.Errors.Values.SelectMany(x => x).SelectMany(Parts),
        MultiTypeValidationError types when OfItsType(types) is { } errors => errors.SelectMany(Parts),
        _ => [error],
    };

    /// <param name="error">One of the <see cref="Parts"/>.</param>
    /// <param name="enumeration">The values that its schema allows, where it names them.</param>
    /// <param name="pattern">The pattern that its schema has, where it has one.</param>
    public static string Describe(ValidationError error, SchemaEnumeration? enumeration, SchemaPattern? pattern) => error switch
    {
        ChildSchemaValidationError choice =>
            $"{PointerOf(choice.Token!)} fits {(choice.Errors.Values.Any(x => x.Count == 0) ? "more than one" : "none")} of the schemas of "
            + $"'{(choice.Kind == NotAnyOf ? "anyOf" : "oneOf")}'",
        MultiTypeValidationError types => MustBe(types.Token!, string.Join(" or ", types.Errors.Keys.Select(NameOf))),
        { Kind: PropertyRequired } => $"{PointerOf(error.Token!, error.Property)} is missing",
        { Kind: NotInEnumeration } => $"{PointerOf(error.Token!)} {enumeration!.Description}",
        { Kind: PatternMismatch } => $"{PointerOf(error.Token!)} does not match the pattern '{pattern!.Text}'",
        _ => Describe(error),
    };

    // Of several types that a value may have, what is wrong with it as what it is.
    private static ICollection<ValidationError>? OfItsType(MultiTypeValidationError types) =>
        types.Errors.Where(x => IsOf(types.Token!, x.Key)).Select(x => x.Value).FirstOrDefault();

    private static string Describe(ValidationError error)
    {
        var (token, schema) = (error.Token!, error.Schema);
        return error.Kind switch
        {
            StringExpected => MustBe(token, NameOf(JsonObjectType.String)),
            NumberExpected => MustBe(token, NameOf(JsonObjectType.Number)),
            IntegerExpected => MustBe(token, NameOf(JsonObjectType.Integer)),
            BooleanExpected => MustBe(token, NameOf(JsonObjectType.Boolean)),
            ObjectExpected => MustBe(token, NameOf(JsonObjectType.Object)),
            ArrayExpected => MustBe(token, NameOf(JsonObjectType.Array)),
            NullExpected => MustBe(token, NameOf(JsonObjectType.Null)),
            var kind => $"{PointerOf(token)} " + kind switch
            {
                NoAdditionalPropertiesAllowed => "is no property of the schema, which allows no others",
                StringTooShort => $"is shorter than {schema.MinLength} characters",
                StringTooLong => $"is longer than {schema.MaxLength} characters",
                NumberTooSmall => $"must be {Bound(schema.Minimum, schema.IsExclusiveMinimum, schema.ExclusiveMinimum, "at least", "more than")}",
                NumberTooBig => $"must be {Bound(schema.Maximum, schema.IsExclusiveMaximum, schema.ExclusiveMaximum, "at most", "less than")}",
                NumberNotMultipleOf or IntegerNotMultipleOf => FormattableString.Invariant($"must be a multiple of {schema.MultipleOf}"),
                TooFewItems => $"must have at least {schema.MinItems} elements",
                TooManyItems => $"must have at most {schema.MaxItems} elements",
                TooManyItemsInTuple => "is an element more than the schema allows",
                ItemsNotUnique => "has an element twice",
                TooFewProperties => $"must have at least {schema.MinProperties} properties",
                TooManyProperties => $"must have at most {schema.MaxProperties} properties",
                ExcludedSchemaValidates => "fits the schema of 'not'",
                _ when schema.Format is { } format => $"does not have the format '{format}'",
                _ => $"does not fit ({kind})",
            },
        };
    }

    private static string Bound(decimal? inclusive, bool isExclusive, decimal? exclusive, string include, string exclude)
    {
        var bounds = new List<string>();
        if (inclusive is not null)
            bounds.Add(FormattableString.Invariant($"{(isExclusive ? exclude : include)} {inclusive}"));
        if (exclusive is not null)
            bounds.Add(FormattableString.Invariant($"{exclude} {exclusive}"));
        return string.Join(" and ", bounds);
    }

    private static string MustBe(JToken token, string expected) => $"{PointerOf(token)} must be {expected}, and is {NameOf(token)}";

    private static bool IsOf(JToken token, JsonObjectType type) => token.Type switch
    {
        JTokenType.Object => type == JsonObjectType.Object,
        JTokenType.Array => type == JsonObjectType.Array,
        JTokenType.String => type == JsonObjectType.String,
        JTokenType.Integer => type is JsonObjectType.Integer or JsonObjectType.Number,
        JTokenType.Float => type == JsonObjectType.Number,
        JTokenType.Boolean => type == JsonObjectType.Boolean,
        _ => type == JsonObjectType.Null,
    };

    private static string NameOf(JToken token) => token.Type switch
    {
        JTokenType.Object => NameOf(JsonObjectType.Object),
        JTokenType.Array => NameOf(JsonObjectType.Array),
        JTokenType.String => NameOf(JsonObjectType.String),
        JTokenType.Integer or JTokenType.Float => NameOf(JsonObjectType.Number),
        JTokenType.Boolean => NameOf(JsonObjectType.Boolean),
        _ => NameOf(JsonObjectType.Null),
    };

    private static string NameOf(JsonObjectType type) => type switch
    {
        JsonObjectType.Object => "an object",
        JsonObjectType.Array => "a list",
        JsonObjectType.Integer => "a whole number",
        JsonObjectType.Null => "null",
        _ => $"a {type.ToString().ToLowerInvariant()}",
    };

    private static string PointerOf(JToken token, string? property = null)
    {
        var steps = new Stack<string>();
        if (property is not null)
            steps.Push(property);
        for (var at = token; at.Parent is { } parent; at = parent)
        {
            if (at is JProperty { Name: var name })
                steps.Push(name);
            else if (parent is JArray list)
                steps.Push($"{list.IndexOf(at)}");
        }

        return JsonPointer.Of(steps);
    }
}
