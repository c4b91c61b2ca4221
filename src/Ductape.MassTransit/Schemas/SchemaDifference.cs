using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;
using static NJsonSchema.Validation.ValidationErrorKind;

namespace Ductape.MassTransit;

/// <summary>What is wrong with a message, in words: where, and what the schema asks. Never a value of the message.</summary>
internal static class SchemaDifference
{
    public static IEnumerable<string> Describe(ValidationError error, Func<JsonSchema, SchemaEnumeration?> enumerationOf)
    {
        switch (error)
        {
            case ChildSchemaValidationError { Kind: NotAnyOf or NotOneOf } choice:
                var several = choice.Errors.Values.Any(x => x.Count == 0);
                return [$"{PointerOf(error.Token!)} fits {(several ? "more than one" : "none")} of the schemas of '{(choice.Kind == NotAnyOf ? "anyOf" : "oneOf")}'"];
            case ChildSchemaValidationError parts:
                return parts.Errors.Values.SelectMany(x => x).SelectMany(x => Describe(x, enumerationOf));
            case MultiTypeValidationError types:
                var fitting = types.Errors.Where(x => IsOf(error.Token!, x.Key)).Select(x => x.Value).FirstOrDefault();
                return fitting is null
                    ? [MustBe(error.Token!, string.Join(" or ", types.Errors.Keys.Select(NameOf)))]
                    : fitting.SelectMany(x => Describe(x, enumerationOf));
            case { Kind: PropertyRequired }:
                var parent = PointerOf(error.Token!);
                return [$"{(parent == JsonPointer.Root ? "" : parent)}{JsonPointer.Step(error.Property!)} is missing"];
            case { Kind: NotInEnumeration }:
                return [$"{PointerOf(error.Token!)} {enumerationOf(error.Schema)!.Description}"];
            default:
                return [Describe(error)];
        }
    }

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
                PatternMismatch => $"does not match the pattern '{schema.Pattern}'",
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

    private static string PointerOf(JToken token)
    {
        var steps = new Stack<string>();
        for (var at = token; at.Parent is { } parent; at = parent)
        {
            if (at is JProperty property)
                steps.Push(property.Name);
            else if (parent is JArray list)
                steps.Push($"{list.IndexOf(at)}");
        }

        return JsonPointer.Of(steps);
    }
}
