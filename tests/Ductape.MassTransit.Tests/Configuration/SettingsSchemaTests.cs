using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Configuration;

/// <summary>The JSON schemas that the packages carry for editors.</summary>
public sealed partial class SettingsSchemaTests
{
    private const string Update = "DUCTAPE_UPDATE_SCHEMAS";

    public static TheoryData<string> Packages => new("Ductape.MassTransit", "Ductape.MassTransit.RabbitMQ", "Ductape.MassTransit.AmazonSQS",
        "Ductape.MassTransit.AzureServiceBus");

    /// <summary>
    /// To write the files anew, set the environment variable DUCTAPE_UPDATE_SCHEMAS to 1 and run this class.
    /// </summary>
    [Theory]
    [MemberData(nameof(Packages))]
    public void The_schema_of_a_package_is_what_its_options_and_their_documentation_say(string package)
    {
        var file = SchemaOf(package);
        var generated = Generate(package);
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(file, generated);

        Assert.DoesNotContain("\"description\": \"\"", generated);
        Assert.True(File.ReadAllText(file).ReplaceLineEndings("\n") == generated,
            $"{package}/ConfigurationSchema.json is not what the options say. Set {Update}=1, run SettingsSchemaTests once, and commit the file.");
    }

    [Fact]
    public void Every_key_of_the_README_and_of_the_example_is_described()
    {
        var schemas = Packages.Select(x => JsonNode.Parse(File.ReadAllText(SchemaOf(x.Data)))!).ToArray();
        var readme = JsonBlock().Matches(File.ReadAllText(Beside("../../../README.md"))).Select(x => x.Groups[1].Value)
            .Where(x => x.Contains("\"Ductape\":", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(readme);
        foreach (var json in readme.Append(File.ReadAllText(Beside("../../../examples/Ordering/appsettings.json"))))
            AssertDescribed(JsonNode.Parse(json)!["Ductape"]!, [.. schemas.Select(x => x["properties"]!["Ductape"]!)], "Ductape");
    }

    [Fact]
    public void A_misspelt_key_is_not_described() => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertDescribed(
        JsonNode.Parse("""{ "Products": { "shop": { "Brokers": { "orders": { "Envs": { "dev": { "Type": "RABBITMQ", "Config": { "Hots": "a" } } } } } } } }""")!,
        [.. Packages.Select(x => JsonNode.Parse(File.ReadAllText(SchemaOf(x.Data)))!["properties"]!["Ductape"]!)], "Ductape"));

    [Fact]
    public void A_schema_key_in_the_section_is_for_editors()
    {
        Assert.Empty(StartUp.Problems(OrdersConfiguration.With(("$schema", "\"./ConfigurationSchema.json\""))));
        Assert.StartsWith($"Ductape:{OrdersConfiguration.Topic}:$schema: it is not a known key.",
            Assert.Single(StartUp.Problems(OrdersConfiguration.With(($"{OrdersConfiguration.Topic}:$schema", "\"x\"")))));
    }

    private static string Generate(string package)
    {
        using var services = TestProvider.Build(more: x => x.AddRabbitMq().AddAmazonSqs().AddAzureServiceBus());
        var settings = services.GetServices<IBrokerTransport>().Select(x => (x.Type, Settings: x.CreateSettings().GetType()))
            .Where(x => x.Settings.Assembly.GetName().Name == package).ToArray();
        return SettingsSchema.Of(settings[0].Settings.Assembly, settings);
    }

    private static void AssertDescribed(JsonNode value, JsonNode[] schemas, string path)
    {
        // What says nothing of its keys leaves them open.
        if (value is not JsonObject keys || !schemas.Any(x => x["properties"] is not null || x["additionalProperties"] is not null))
            return;

        foreach (var (key, child) in keys)
        {
            var found = schemas.SelectMany(x => new[] { x["properties"]?[key] ?? x["additionalProperties"] }.Concat(x["allOf"]?.AsArray()
                .Where(part => (string)part!["if"]!["properties"]!["Type"]!["const"]! == (string?)keys["Type"])
                .Select(part => part!["then"]!["properties"]![key]) ?? [])).OfType<JsonNode>().ToArray();
            Assert.True(found.Length > 0, $"{path}:{key} is not described.");
            if (child is not null)
                AssertDescribed(child, found, $"{path}:{key}");
        }
    }

    private static string SchemaOf(string package) => Beside($"../../../src/{package}/ConfigurationSchema.json");

    private static string Beside(string file, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, file);

    [GeneratedRegex("```json\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
