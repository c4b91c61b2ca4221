using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;
using NJsonSchema.Validation.FormatValidators;

namespace Ductape.MassTransit;

/// <summary>NJsonSchema's validation, corrected where it differs from JSON Schema or takes time without a limit. For one message where there are patterns.</summary>
internal sealed class MessageValidator(
    IReadOnlyList<SchemaEnumeration> enumerations, IReadOnlyDictionary<JsonSchema, OwnChecks> ownChecks) : JsonSchemaValidator(Settings)
{
    private static readonly JsonSchemaValidatorSettings Settings = new() { FormatValidators = Formats() };

    private readonly PatternBudget _budget = new();

    /// <summary>An error in words.</summary>
    public string Describe(ValidationError error) =>
        SchemaDifference.Describe(error, EnumerationOf(error.Schema), ownChecks.GetValueOrDefault(error.Schema)?.Pattern);

    /// <exception cref="PatternTimeException">The patterns took too long.</exception>
    protected override ICollection<ValidationError> Validate(
        JToken token, JsonSchema schema, SchemaType schemaType, string? propertyName, string propertyPath)
    {
        var errors = (List<ValidationError>)base.Validate(token, schema, schemaType, propertyName, propertyPath);

        // What is required is required of objects; that it must be one is another error.
        if (errors.Count > 0 && token is not JObject)
            errors.RemoveAll(x => x.Kind == ValidationErrorKind.PropertyRequired && x.Token == token);

        if (ownChecks.TryGetValue(schema, out var own))
        {
            if (own.Pattern is not null && token is JValue { Value: string text } && !_budget.IsMatch(own.Pattern, text))
                errors.Add(new ValidationError(ValidationErrorKind.PatternMismatch, propertyName, propertyPath, token, schema));
            // By their texts, 1 and "1" would be the same.
            if (own.UniqueItems && token is JArray items && items.ToHashSet(TokenComparer.Instance).Count != items.Count)
                errors.Add(new ValidationError(ValidationErrorKind.ItemsNotUnique, propertyName, propertyPath, token, schema));
            if (own.Properties.Count > 0 && token is JObject members)
                ValidateProperties(members, schema, own, schemaType, errors);
        }

        if (EnumerationOf(schema) is { } enumeration && !enumeration.Contains(token))
            errors.Add(new ValidationError(ValidationErrorKind.NotInEnumeration, propertyName, propertyPath, token, schema));
        return errors;
    }

    private void ValidateProperties(JObject members, JsonSchema schema, OwnChecks own, SchemaType schemaType, List<ValidationError> errors)
    {
        foreach (var property in members.Properties())
        {
            if (schema.Properties.ContainsKey(property.Name))
                continue;

            var fits = own.Others;
            var isKnown = false;
            foreach (var (name, child) in own.Properties)
            {
                if (_budget.IsMatch(name, property.Name))
                {
                    (fits, isKnown) = (child, true);
                    break;
                }
            }

            if (fits is not null)
                errors.AddRange(Validate(property.Value, fits, schemaType, property.Name, ""));
            else if (!isKnown && !own.AllowsOthers)
                errors.Add(new ValidationError(ValidationErrorKind.NoAdditionalPropertiesAllowed, property.Name, "", property, schema));
        }
    }

    private static IEnumerable<IFormatValidator> Formats() =>
        new JsonSchemaValidatorSettings().FormatValidators.Where(x => LinearFormat.All.All(y => y.Format != x.Format)).Concat(LinearFormat.All).ToArray();

    private SchemaEnumeration? EnumerationOf(JsonSchema schema) =>
        schema.ExtensionData?.TryGetValue(SchemaEnumeration.Keyword, out var index) == true ? enumerations[(int)(long)index!] : null;
}
