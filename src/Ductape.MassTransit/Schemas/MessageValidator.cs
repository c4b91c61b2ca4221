using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Ductape.MassTransit;

/// <summary>NJsonSchema's validation, corrected where it differs from JSON Schema.</summary>
internal sealed class MessageValidator(IReadOnlyList<SchemaEnumeration> enumerations) : JsonSchemaValidator(new JsonSchemaValidatorSettings())
{
    private static readonly JTokenEqualityComparer ByValue = new();

    /// <summary>An error in words.</summary>
    public string Describe(ValidationError error) => SchemaDifference.Describe(error, EnumerationOf(error.Schema));

    protected override ICollection<ValidationError> Validate(
        JToken token, JsonSchema schema, SchemaType schemaType, string? propertyName, string propertyPath)
    {
        var errors = (List<ValidationError>)base.Validate(token, schema, schemaType, propertyName, propertyPath);

        // What is required is required of objects; that it must be one is another error.
        if (errors.Count > 0 && token is not JObject)
            errors.RemoveAll(x => x.Kind == ValidationErrorKind.PropertyRequired && x.Token == token);

        // By their texts, 1 and "1" would be the same.
        if (schema.UniqueItems && token is JArray items)
        {
            errors.RemoveAll(x => x.Kind == ValidationErrorKind.ItemsNotUnique && x.Token == token);
            if (items.Distinct(ByValue).Count() != items.Count)
                errors.Add(new ValidationError(ValidationErrorKind.ItemsNotUnique, propertyName, propertyPath, token, schema));
        }

        if (EnumerationOf(schema) is { } enumeration && !enumeration.Contains(token))
            errors.Add(new ValidationError(ValidationErrorKind.NotInEnumeration, propertyName, propertyPath, token, schema));
        return errors;
    }

    private SchemaEnumeration? EnumerationOf(JsonSchema schema) =>
        schema.ExtensionData?.TryGetValue(SchemaEnumeration.Keyword, out var index) == true ? enumerations[(int)(long)index!] : null;
}
