using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Schemas.SchemaApp;

namespace Ductape.MassTransit.Tests.Schemas;

public sealed class SchemaStartUpTests : IDisposable
{
    private const string Path = $"Ductape:{Topic}";

    private readonly string _folder = Directory.CreateTempSubdirectory("ductape-schemas-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    /// <summary>A schema and the one problem that it has.</summary>
    public static TheoryData<string, string> Problems => new()
    {
        { """{"type":"strng"}""", "at /type has \"strng\": must be one or a list of array, boolean, integer, null, number, object, string." },
        { """{"type":["string","nil"]}""", "at /type has [\"string\",\"nil\"]: must be one or a list of array, boolean, integer, null, number, object, string." },
        { """{"type":[]}""", "at /type has []: must be one or a list of array, boolean, integer, null, number, object, string." },
        { """{"properties":{"a/b":{"type":5}}}""", "at /properties/a~1b/type has 5: must be one or a list of array, boolean, integer, null, number, object, string." },
        { """{"properties":[]}""", "at /properties has []: must be an object of schemas." },
        { """{"properties":{"a":"string"}}""", "at /properties/a has \"string\": a schema must be an object." },
        { """{"required":"a"}""", "at /required has \"a\": must be a list of names of properties." },
        { """{"properties":{"a":{"required":true}}}""", "at /properties/a/required has true: must be a list of names of properties." },
        { """{"enum":"a"}""", "at /enum has \"a\": must be a list of values." },
        { """{"enum":[]}""", "at /enum has []: must be a list of values." },
        { """{"allOf":{}}""", "at /allOf has {}: must be a list of schemas." },
        { """{"anyOf":[1]}""", "at /anyOf/0 has 1: a schema must be an object." },
        { """{"items":[]}""", "at /items has []: must be a list of schemas." },
        { """{"minimum":"10"}""", "at /minimum has \"10\": must be a number that a decimal can hold." },
        { """{"maximum":1e40}""", "at /maximum has 1e40: must be a number that a decimal can hold." },
        { """{"exclusiveMinimum":"x"}""", "at /exclusiveMinimum has \"x\": must be a number, or in draft 4 true or false." },
        { """{"multipleOf":0}""", "at /multipleOf has 0: must be a number over zero." },
        { """{"minLength":-1}""", "at /minLength has -1: must be a whole number, zero or more." },
        { """{"maxLength":1.5}""", "at /maxLength has 1.5: must be a whole number, zero or more." },
        { """{"uniqueItems":"true"}""", "at /uniqueItems has \"true\": must be true or false." },
        { """{"additionalProperties":"false"}""", "at /additionalProperties has \"false\": a schema must be an object." },
        { """{"pattern":1}""", "at /pattern has 1: must be a string." },
        { """{"pattern":"["}""", "at /pattern has \"[\": is no regular expression of .NET: Invalid pattern '[' at offset 1. Unterminated [] set." },
        {
            """{"patternProperties":{"(":{}}}""",
            "at /patternProperties/( has \"(\": is no regular expression of .NET: Invalid pattern '(' at offset 1. Not enough )'s."
        },
        { """{"format":1}""", "at /format has 1: must be a string." },
        { """{"if":1,"then":{"contains":"x"}}""", "at /if has 1: a schema must be an object.|at /then/contains has \"x\": a schema must be an object." },
        { """{"items":{"dependentRequired":{"a":"b"}}}""", "at /items/dependentRequired has {\"a\":\"b\"}: must be an object of lists of names of properties." },
        { """{"dependencies":{"a":["b"],"c":[1]}}""", "at /dependencies/c has [1]: must be a list of names of properties." },
        { """{"prefixItems":{}}""", "at /prefixItems has {}: must be a list of schemas." },
        {
            """{"$ref":"https://example.com/schema.json"}""",
            "at /$ref has \"https://example.com/schema.json\": only references inside the schema are followed, as '#/definitions/name': copy what it refers to "
                + "into 'definitions'."
        },
        {
            """{"items":{"$ref":"other.json#/definitions/x"}}""",
            "at /items/$ref has \"other.json#/definitions/x\": only references inside the schema are followed, as '#/definitions/name': copy what it refers "
                + "to into 'definitions'."
        },
        { """{"$ref":"#/definitions/x"}""", "at /$ref has \"#/definitions/x\": there is no schema in that place; what is referred to belongs into 'definitions'." },
        {
            """{"items":{"$ref":"#/components/x"},"components":{"x":{}}}""",
            "at /items/$ref has \"#/components/x\": there is no schema in that place; what is referred to belongs into 'definitions'."
        },
        {
            """{"$schema":"http://json-schema.org/draft-07/schema#","items":{"$ref":"#","minItems":1}}""",
            "at /items/$ref has \"#\": beside it 'minItems' is not looked at in the draft of '$schema'; put both into 'allOf', or take '$schema' out."
        },
        {
            """{"definitions":{"a":{"anyOf":[{"$ref":"#/definitions/a"},{}]}}}""",
            "at /definitions/a refers to itself without going down into the message, so that checking would never end."
        },
        { """{"$ref":"#"}""", "at (root) refers to itself without going down into the message, so that checking would never end." },
        {
            """{"$dynamicAnchor":"a","allOf":[{"$dynamicRef":"#a"}]}""",
            "at (root) refers to itself without going down into the message, so that checking would never end."
        },
        {
            """{"if":{"$recursiveRef":"#"}}""",
            "at (root) refers to itself without going down into the message, so that checking would never end."
        },
        { """{"$dynamicRef":"#a"}""", "at /$dynamicRef has \"#a\": there is no schema in that place; what is referred to belongs into 'definitions'." },
        { """{"$ref":5}""", "at /$ref has 5: must be a string." },
        { """{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}""", "at /$defs/b/$anchor has \"x\": another schema has the same." },
        { """{"$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}}""", "at /$defs/b/$id has \"x\": another schema in it has the same." },
        { """{"$defs":{"a":{"$id":"x"}},"$ref":"y"}""",
            "at /$ref has \"y\": only references inside the schema are followed, as '#/definitions/name': copy what it refers to into 'definitions'." },
        { """{"not":5,"type":"x"}""", "at /not has 5: a schema must be an object.|at /type has \"x\": must be one or a list of array, boolean, integer, null, number, object, string." },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void A_schema_that_could_not_be_checked_is_a_problem(string schema, string problems)
    {
        Assert.Equal(problems.Split('|').Select(x => $"{Path}:Schema: {x}"), SchemaApp.Problems(WithSchema(schema)));
        // Also where it is not used yet.
        Assert.Equal(problems.Split('|').Select(x => $"{Path}:Schema: {x}"), SchemaApp.Problems(WithSchema(schema, "off")));
    }

    [Theory]
    [InlineData("""{"type":"object",}""")]
    [InlineData("""{ /* a comment */ "$schema":"http://json-schema.org/draft-07/schema#","$id":"https://example.com/x","title":"x","default":1,"examples":[1],"x-y":{"type":1}}""")]
    [InlineData("""{"properties":{"type":{"type":"string"},"$ref":{"type":"string"},"if":{}}}""")]
    [InlineData("""{"additionalProperties":true,"additionalItems":false,"items":[{}],"not":{"not":{}}}""")]
    [InlineData("""{"properties":{"a":true,"b":false},"maxItems":0,"$defs":{},"definitions":{},"items":{"$ref":"#","minItems":1}}""")]
    [InlineData("""{"definitions":{"tree":{"properties":{"left":{"$ref":"#/definitions/tree"}}}},"allOf":[{"$ref":"#/definitions/tree"}]}""")]
    public void A_schema_that_can_be_checked_is_none(string schema) => Assert.Empty(SchemaApp.Problems(WithSchema(schema)));

    [Fact]
    public void Nothing_is_fetched_for_a_schema()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}/schema.json";

        string Referring(string schema) => WithSchema(schema.Replace("ADDRESS", address, StringComparison.Ordinal));

        Assert.NotEmpty(SchemaApp.Problems(Referring("""{"$ref":"ADDRESS"}""")));
        Assert.NotEmpty(SchemaApp.Problems(Referring("""{"items":{"allOf":[{"$ref":"ADDRESS#/definitions/x"}]}}""")));
        Assert.Empty(SchemaApp.Problems(Referring("""
            {
              "$schema": "ADDRESS", "$id": "ADDRESS", "id": "ADDRESS", "default": { "$ref": "ADDRESS" },
              "x-other": { "type": "object", "properties": { "a": { "$ref": "ADDRESS" } } }, "examples": [ { "$ref": "ADDRESS" } ]
            }
            """)));

        Assert.False(listener.Pending());
    }

    [Fact]
    public void Without_the_package_a_schema_is_a_problem_that_names_it()
    {
        const string Remedy = "nothing here can read a JSON Schema; run 'dotnet add package Ductape.MassTransit.JsonSchema' and call .AddJsonSchema() after "
            + "AddDuctapeMessageBroker().";

        Assert.Equal([$"{Path}:Schema: {Remedy}"], StartUp.Problems(WithSchema("""{"type":"string"}""")));
        Assert.Equal([$"{Path}:Schema: {Remedy}"], StartUp.Problems(WithSchema("""{"type":"string"}""", "off")));
        Assert.Equal([$"{Path}:SchemaJson: {Remedy}"], StartUp.Problems(InCode(x => x.SchemaJson = new JsonObject(), reads: false)));
    }

    [Fact]
    public async Task Lint_has_the_same_problem_with_its_remedy()
    {
        var findings = await CatalogLint.RunAsync(
            TestServices.Configuration(WithSchema("""{"type":"string"}""")), cancellationToken: TestContext.Current.CancellationToken);

        var finding = Assert.Single(findings, x => x.Path == $"{Path}:Schema");
        Assert.Equal((LintSeverity.Error, "Run 'dotnet add package Ductape.MassTransit.JsonSchema' and call .AddJsonSchema() after AddDuctapeMessageBroker()."),
            (finding.Severity, finding.Remedy));
    }

    [Fact]
    public async Task A_file_that_changes_after_the_check_is_used_as_it_was_checked()
    {
        var file = System.IO.Path.Combine(_folder, "changing.json");
        File.WriteAllText(file, """{ "type": "object" }""");
        await using var services = Build(WithSchema(file));
        _ = services.GetRequiredService<Microsoft.Extensions.Options.IOptions<DuctapeOptions>>().Value;
        File.WriteAllText(file, """{ "type": "x" }""");

        await services.Broker().PublishAsync(Event, new { });
    }

    [Fact]
    public void What_is_not_JSON_is_a_problem() => Assert.Equal(
        [$"{Path}:Schema: it is not JSON: '}}' is invalid after a property name. Expected a ':'. LineNumber: 0 | BytePositionInLine: 7."],
        SchemaApp.Problems(WithSchema("""{"type"}""")));

    [Fact]
    public void A_property_that_is_there_twice_is_a_problem() => Assert.Equal(
        [$"{Path}:Schema: it is not JSON: Duplicate property 'type' encountered during deserialization."],
        SchemaApp.Problems(WithSchema("""{"type":"string","type":"number"}""")));

    [Fact]
    public void What_is_neither_text_nor_a_file_is_a_problem() => Assert.Equal(
        [$"{Path}:Schema: 'string' is neither JSON text, which begins with '{{', nor the path of a .json file."], SchemaApp.Problems(WithSchema("string")));

    [Fact]
    public void An_object_is_a_problem_since_it_has_lost_its_types() => Assert.Equal(
        [$"{Path}:Schema: it takes a single value (JSON text in a string, or the path of a .json file, since a configuration keeps no JSON types), not an "
            + "object or a list."],
        SchemaApp.Problems(With(($"{Topic}:Schema", """{"minimum":10}"""))));

    [Fact]
    public void Checking_without_schema_and_sample_is_a_problem()
    {
        string[] problem = [$"{Path}:Validate: 'Enforce' has nothing to check messages against; give the topic a Schema or a Sample, or set it to Off."];

        Assert.Equal(problem, SchemaApp.Problems(With(($"{Topic}:Validate", "\"enforce\""))));
        Assert.Equal(problem, SchemaApp.Problems(WithSample("null")));
        Assert.Equal(problem, SchemaApp.Problems(WithSample("{}")));
        Assert.Equal([problem[0].Replace("Enforce", "Warn")], SchemaApp.Problems(With(($"{Topic}:Validate", "\"warn\""))));
    }

    [Fact]
    public void An_unknown_way_to_validate_is_a_problem() => Assert.Equal(
        [$"{Path}:Validate: 'strict' is not one of Off, Warn, Enforce."], SchemaApp.Problems(With(($"{Topic}:Validate", "\"strict\""))));

    [Fact]
    public void A_sample_with_a_property_twice_is_a_problem()
    {
        var problem = Assert.Single(SchemaApp.Problems(WithSample("\"{\\\"a\\\":1,\\\"a\\\":2}\"")));

        Assert.StartsWith($"{Path}:Sample: it cannot be read: An item with the same key has already been added. Key: a", problem);
    }

    [Fact]
    public async Task A_schema_may_be_a_file_below_the_content_root()
    {
        Directory.CreateDirectory(System.IO.Path.Combine(_folder, "schemas"));
        File.WriteAllText(System.IO.Path.Combine(_folder, "schemas", "order.json"), """{ "required": ["orderId"] }""");
        using var host = TestHost.Build(WithSchema("schemas/order.json"), x => x.AddJsonSchema(), _folder);

        await host.StartAsync();
        var error = await Assert.ThrowsAsync<DuctapeException>(() => host.Services.Broker().PublishAsync(Event, new { }));
        await host.Services.Broker().PublishAsync(Event, new { orderId = 1 });

        Assert.Equal("INVALID_INPUT: 'input.message' does not fit the schema of 'sqsbroker:new-orders': /orderId is missing. Nothing was sent.", error.Message);
        await host.StopAsync();
    }

    [Fact]
    public void What_is_wrong_in_a_file_is_told_with_the_file()
    {
        string Write(string name, string text)
        {
            var file = System.IO.Path.Combine(_folder, name);
            File.WriteAllText(file, text);
            return file;
        }

        var (broken, wrong, nothing, missing) =
            (Write("broken.json", "{"), Write("wrong.json", """{"type":"x"}"""), Write("null.json", "null"), System.IO.Path.Combine(_folder, "missing.json"));

        Assert.StartsWith($"{Path}:Schema: {broken} is not JSON: ", Assert.Single(SchemaApp.Problems(WithSchema(broken))));
        Assert.Equal([$"{Path}:Schema: {wrong} at /type has \"x\": must be one or a list of array, boolean, integer, null, number, object, string."],
            SchemaApp.Problems(WithSchema(wrong)));
        Assert.Equal([$"{Path}:Schema: {nothing} must be a JSON Schema, and is null."], SchemaApp.Problems(WithSchema(nothing)));
        Assert.Equal([$"{Path}:Schema: {missing} cannot be read: Could not find file '{missing}'."], SchemaApp.Problems(WithSchema(missing)));
    }

    [Fact]
    public async Task A_schema_may_be_given_in_code_and_wins()
    {
        await using var services = Build(WithSchema("""{"type":"string"}"""), x => x.Services.PostConfigure<DuctapeOptions>(options =>
            options.Products["my_product"].Brokers["sqsbroker"].Topics["new-orders"].SchemaJson = JsonNode.Parse("""{"type":"number"}""")));

        await services.Broker().PublishAsync(Event, 1);
        await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, "text"));
    }

    [Fact]
    public void A_schema_in_code_with_a_property_twice_is_a_problem()
    {
        var services = InCode(x => x.SchemaJson = JsonNode.Parse("""{"type":"string","type":"number"}"""));

        Assert.StartsWith($"{Path}:SchemaJson: it cannot be read: An item with the same key has already been added. Key: type", Assert.Single(StartUp.Problems(services)));
    }

    [Fact]
    public void A_problem_of_a_schema_in_code_has_its_name()
    {
        var services = InCode(x => (x.SchemaJson, x.Validate) = (JsonValue.Create("true"), (MessageValidation)7));

        Assert.Equal(
            [
                $"{Path}:Validate: 7 is not known; one of Off, Warn, Enforce.",
                $"{Path}:SchemaJson: at (root) has \"true\": a schema must be an object.",
            ],
            StartUp.Problems(services));
    }

    private static IServiceCollection InCode(Action<TopicOptions> change, bool reads = true)
    {
        var services = TestServices.With(With(($"{Topic}:Validate", "\"warn\"")));
        var builder = services.AddDuctapeMessageBroker();
        if (reads)
            builder.AddJsonSchema();
        services.PostConfigure<DuctapeOptions>(options => change(options.Products["my_product"].Brokers["sqsbroker"].Topics["new-orders"]));
        return services;
    }
}
