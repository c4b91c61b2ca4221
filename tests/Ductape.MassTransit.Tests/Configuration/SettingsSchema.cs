using System.Collections;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Tests.Configuration;

/// <summary>
/// Makes the JSON schemas of the Ductape section from the options and their documentation. Editors merge the schemas of
/// all packages. Keys are not restricted to the known ones: .NET reads them without regard to case, which a schema
/// cannot say, and the start reports those that are unknown.
/// </summary>
public static class SettingsSchema
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Days are optional, and hours and minutes are not: .NET reads a bare number as days. Without days there may be any
    // number of hours.
    private const string TimeSpanPattern = @"^(\d+\.\d{1,2}|\d+):\d{2}(:\d{2}(\.\d{1,7})?)?$";

    /// <summary>The schema that the package of an assembly carries.</summary>
    /// <param name="package">The assembly.</param>
    /// <param name="settings">The transports of the assembly, each with the type of its settings.</param>
    public static string Of(Assembly package, IEnumerable<(string Type, Type Settings)> settings)
    {
        var transports = settings.OrderBy(x => x.Type, StringComparer.Ordinal).Select(x => new JsonObject
        {
            ["if"] = new JsonObject
            {
                ["required"] = new JsonArray("Type"),
                ["properties"] = new JsonObject { ["Type"] = new JsonObject { ["const"] = x.Type } },
            },
            ["then"] = Properties(("Config", Object(x.Settings))),
        });
        var inEnv = new JsonObject { ["allOf"] = new JsonArray([.. transports]) };
        var section = package == typeof(DuctapeOptions).Assembly
            ? Section(inEnv)
            : Properties(
                (nameof(DuctapeOptions.Brokers), InEveryEnvOfEveryBroker(inEnv)),
                (nameof(DuctapeOptions.Products), Each(Properties((nameof(ProductOptions.Brokers), InEveryEnvOfEveryBroker(inEnv))))));
        return Properties((DuctapeOptions.SectionName, section)).ToJsonString(Written).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonObject Section(JsonObject inEnv)
    {
        var section = Object(typeof(DuctapeOptions));
        section["description"] = Documentation.Of(typeof(DuctapeOptions));
        var properties = section["properties"]!.AsObject();
        properties.Insert(0, "$schema", new JsonObject { ["type"] = "string", ["description"] = "The JSON schema of this section, for editors." });
        foreach (var brokers in new[] { properties["Brokers"]!, properties["Products"]!["additionalProperties"]!["properties"]!["Brokers"]! })
        {
            var env = brokers["additionalProperties"]!["properties"]!["Envs"]!["additionalProperties"]!.AsObject();
            env["allOf"] = inEnv["allOf"]!.DeepClone();
            env["properties"]!["Type"] = new JsonObject
            {
                ["description"] = env["properties"]!["Type"]!["description"]!.DeepClone(),
                ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = Types() }, new JsonObject { ["type"] = "string" }),
            };
        }

        return section;
    }

    private static JsonArray Types() => [.. typeof(BrokerTypes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(x => JsonValue.Create((string)x.GetRawConstantValue()!))];

    private static JsonObject InEveryEnvOfEveryBroker(JsonObject env) =>
        Each(Properties((nameof(BrokerOptions.Envs), Each(env.DeepClone().AsObject()))));

    private static JsonObject Each(JsonObject value) => new() { ["type"] = "object", ["additionalProperties"] = value };

    private static JsonObject Properties(params (string Name, JsonObject Schema)[] properties) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(properties.Select(x => KeyValuePair.Create(x.Name, (JsonNode?)x.Schema))),
    };

    private static JsonObject Object(Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        return Properties([.. Documentation.InOrder(type)
            .Where(x => x.CanWrite && !x.GetCustomAttributes().Any(a => a.GetType().Name == "NotFromConfigurationAttribute"))
            .SelectMany(x => Keys(x, x.GetValue(defaults)))]);
    }

    private static IEnumerable<(string Name, JsonObject Schema)> Keys(PropertyInfo property, object? @default)
    {
        yield return (property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name, Property(property, @default));
        if (property.GetCustomAttribute<WholeNumberOfAttribute>() is { NumberKey: { } key } number)
        {
            yield return (key, new JsonObject
            {
                ["description"] = $"{property.Name} as a whole number of {number.Unit}.",
                ["type"] = "integer",
            });
        }
    }

    private static JsonObject Property(PropertyInfo property, object? @default)
    {
        var schema = Value(property.PropertyType);
        if (property.GetCustomAttribute<WholeNumberOfAttribute>() is { NumberKey: null })
            schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "integer" }) };
        // Settings of a transport are described by the package that has it.
        if (property.PropertyType == typeof(IConfigurationSection) && property.Name == nameof(BrokerEnvOptions.Config))
            schema["type"] = "object";
        if (Default(@default) is { } value)
            schema["default"] = value;
        schema.Insert(0, "description", Documentation.Of(property));
        return schema;
    }

    private static JsonObject Value(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(x => JsonValue.Create(LowerFirst(x)))]) };
        if (typeof(IDictionary).IsAssignableFrom(type))
            return Each(type.GetGenericArguments()[1] == typeof(string) ? AnyScalar() : Value(type.GetGenericArguments()[1]));
        if (typeof(IList).IsAssignableFrom(type))
            return new JsonObject { ["type"] = "array", ["items"] = Value(type.GetGenericArguments()[0]) };
        if (type == typeof(IConfigurationSection))
            return [];
        if (type == typeof(TimeSpan))
            return new JsonObject { ["type"] = "string", ["pattern"] = TimeSpanPattern };
        if (type == typeof(string))
            return new JsonObject { ["type"] = "string" };
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int) || type == typeof(long))
            return new JsonObject { ["type"] = "integer" };
        if (type == typeof(double))
            return new JsonObject { ["type"] = "number" };
        return Object(type);
    }

    private static JsonObject AnyScalar() => new() { ["type"] = new JsonArray("string", "number", "boolean") };

    private static JsonNode? Default(object? value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        TimeSpan time => JsonValue.Create(time.ToString("c")),
        Enum name => JsonValue.Create(LowerFirst(name.ToString())),
        _ => null,
    };

    // As the documentation writes them; .NET reads any case.
    private static string LowerFirst(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
