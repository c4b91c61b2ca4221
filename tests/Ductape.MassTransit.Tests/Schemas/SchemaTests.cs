using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Schemas.SchemaApp;

namespace Ductape.MassTransit.Tests.Schemas;

public class SchemaTests
{
    private const string Of = "schema of 'sqsbroker:new-orders': ";

    /// <summary>Schema, message, and what differs or null.</summary>
    public static TheoryData<string, string, string?> Cases => new()
    {
        { """{"type":"object"}""", "[]", "(root) must be an object, and is a list" },
        { """{"type":"array"}""", "{}", "(root) must be a list, and is an object" },
        { """{"type":"string"}""", "1", "(root) must be a string, and is a number" },
        { """{"type":"number"}""", "\"1\"", "(root) must be a number, and is a string" },
        { """{"type":"integer"}""", "1.5", "(root) must be a whole number, and is a number" },
        { """{"type":"integer"}""", "true", "(root) must be a whole number, and is a boolean" },
        { """{"type":"boolean"}""", "\"true\"", "(root) must be a boolean, and is a string" },
        { """{"properties":{"a":{"type":"null"}}}""", """{"a":0}""", "/a must be null, and is a number" },
        { """{"properties":{"a":{"type":"string"}}}""", """{"a":null}""", "/a must be a string, and is null" },
        { """{"properties":{"a":{"type":["string","null"]}}}""", """{"a":null}""", null },
        { """{"properties":{"a":{"type":["integer","null"]}}}""", """{"a":"x"}""", "/a must be a whole number or null, and is a string" },
        { """{"properties":{"a":{"type":["string","null"],"maxLength":2}}}""", """{"a":"xyz"}""", "/a is longer than 2 characters" },
        // All of them, wherever they are.
        {
            """{"required":["id","customer"],"properties":{"customer":{"required":["email"],"properties":{"age":{"type":"integer"}}},"lines":{"items":{"required":["qty"]}}}}""",
            """{"customer":{"age":"old"},"lines":[{"qty":1},{}]}""",
            "/customer/age must be a whole number, and is a string; /customer/email is missing; /lines/1/qty is missing; /id is missing"
        },
        { """{"required":["a"]}""", "[]", null },
        { """{"type":"object","required":["a"]}""", "[]", "(root) must be an object, and is a list" },
        { """{"required":["a/b~c"]}""", "{}", "/a~1b~0c is missing" },
        { """{"properties":{"a.b":{"items":{"type":"string"}}}}""", """{"a.b":["x",1]}""", "/a.b/1 must be a string, and is a number" },
        { """{"properties":{"a":{}},"additionalProperties":false}""", """{"a":1,"b":2}""", "/b is no property of the schema, which allows no others" },
        { """{"additionalProperties":{"type":"string"}}""", """{"a":"x","b":2}""", "/b must be a string, and is a number" },
        { """{"patternProperties":{"^x-":{"type":"string"}}}""", """{"x-a":1,"y":1}""", "/x-a must be a string, and is a number" },
        { """{"minProperties":1}""", "{}", "(root) must have at least 1 properties" },
        { """{"maxProperties":1}""", """{"a":1,"b":1}""", "(root) must have at most 1 properties" },
        { """{"pattern":"^[a-z]+$"}""", "\"A1\"", "(root) does not match the pattern '^[a-z]+$'" },
        { """{"minLength":2}""", "\"é\"", "(root) is shorter than 2 characters" },
        { """{"maxLength":2}""", "\"\U0001F600\U0001F600\"", null },
        { """{"minLength":2}""", "\"\U0001F600\"", "(root) is shorter than 2 characters" },
        { """{"maxLength":2}""", "\"abc\"", "(root) is longer than 2 characters" },
        { """{"minimum":1.5}""", "1", "(root) must be at least 1.5" },
        { """{"maximum":10}""", "11", "(root) must be at most 10" },
        { """{"exclusiveMinimum":1}""", "1", "(root) must be more than 1" },
        { """{"exclusiveMaximum":1}""", "1", "(root) must be less than 1" },
        { """{"minimum":1,"exclusiveMinimum":true}""", "1", "(root) must be more than 1" },
        { """{"multipleOf":0.01}""", "0.015", "(root) must be a multiple of 0.01" },
        { """{"multipleOf":0.01}""", "10.01", null },
        { """{"minItems":1}""", "[]", "(root) must have at least 1 elements" },
        { """{"maxItems":1}""", "[1,2]", "(root) must have at most 1 elements" },
        { """{"uniqueItems":true}""", """[{"a":1,"b":2},{"b":2,"a":1}]""", "(root) has an element twice" },
        { """{"uniqueItems":true}""", """[1,"1",true,"true"]""", null },
        { """{"items":[{"type":"string"}],"additionalItems":false}""", """["a",2]""", "/1 is an element more than the schema allows" },
        { """{"items":[{"type":"string"}],"additionalItems":{"type":"number"}}""", """[1,"b"]""", "/0 must be a string, and is a number; /1 must be a number, and is a string" },
        { """{"enum":["a",1,null,{"x":[1.0]}]}""", "\"1\"", """(root) must be one of "a", 1, null, {"x":[1.0]}""" },
        { """{"enum":["a",1,{"x":[1.0]}]}""", """{"x":[1]}""", null },
        { """{"enum":["2020-01-01T00:00:00Z"]}""", "\"2020-01-01T00:00:00Z\"", null },
        { """{"enum":["2020-01-01T00:00:00Z"]}""", "\"2020-01-01T00:00:00.000Z\"", "(root) must be \"2020-01-01T00:00:00Z\"" },
        { """{"properties":{"a":{"const":"é"}}}""", """{"a":"e"}""", "/a must be \"é\"" },
        { """{"properties":{"a":{"enum":["x",null],"type":["string","null"]}}}""", """{"a":null}""", null },
        { """{"enum":[1,2],"const":2}""", "1", "(root) must be 2" },
        { """{"enum":[1,2],"const":2,"allOf":[{"minimum":3}]}""", "2", "(root) must be at least 3" },
        { """{"anyOf":[{"type":"string"},{"minimum":3}]}""", "2", "(root) fits none of the schemas of 'anyOf'" },
        { """{"oneOf":[{"type":"string"},{"minimum":3}]}""", "2", "(root) fits none of the schemas of 'oneOf'" },
        { """{"oneOf":[{"type":"number"},{"minimum":3}]}""", "4", "(root) fits more than one of the schemas of 'oneOf'" },
        { """{"allOf":[{"required":["a"]},{"required":["b"]}]}""", "{}", "/a is missing; /b is missing" },
        { """{"not":{"type":"string"}}""", "\"\"", "(root) fits the schema of 'not'" },
        { """{"properties":{"a":{"$ref":"#/definitions/x"}},"definitions":{"x":{"enum":[1]}}}""", """{"a":2}""", "/a must be 1" },
        { """{"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"$ref":"#/$defs/y"},"y":{"type":"string"}}}""", """{"a":2}""", "/a must be a string, and is a number" },
        { """{"type":"object","additionalProperties":{"$ref":"#"}}""", """{"a":{"b":1}}""", "/a/b must be an object, and is a number" },
        { """{"items":[{"type":"string"}],"additionalItems":{"$ref":"#/items/0"}}""", """["a",1]""", "/1 must be a string, and is a number" },
        { """{"allOf":[{"properties":{"a":{"type":"string"}}}],"properties":{"b":{"$ref":"#/allOf/0/properties/a"}}}""", """{"b":1}""", "/b must be a string, and is a number" },
        { """{"definitions":{"a/b~c":{"type":"string"}},"$ref":"#/definitions/a~1b~0c"}""", "1", "(root) must be a string, and is a number" },
        {
            """{"definitions":{"base":{"type":"object"}},"properties":{"x":{"allOf":[{"$ref":"#/definitions/base"}],"required":["a"],"minProperties":2,"enum":[1]}}}""",
            """{"x":{}}""",
            "/x/a is missing; /x must have at least 2 properties; /x must be 1"
        },
        { """{"definitions":{"base":{"type":"object"}},"properties":{"x":{"anyOf":[{"$ref":"#/definitions/base"}],"minProperties":2}}}""", """{"x":{}}""", "/x must have at least 2 properties" },
        { """{"definitions":{"base":{"type":"object"}},"properties":{"x":{"oneOf":[{"$ref":"#/definitions/base"}],"minProperties":1}}}""", """{"x":{"a":1}}""", null },
        { """{"oneOf":[{"type":"object"}]}""", "1", "(root) fits none of the schemas of 'oneOf'" },
        // NJsonSchema's own keywords say nothing here.
        { """{"properties":{"a":{"type":"string","x-nullable":true,"discriminator":"x"}}}""", """{"a":null}""", "/a must be a string, and is null" },
        // What drafts since 6 have.
        { """{"if":{"properties":{"kind":{"const":"card"}},"required":["kind"]},"then":{"required":["number"]},"else":{"required":["iban"]}}""", """{"kind":"card"}""", "/number is missing" },
        { """{"if":{"properties":{"kind":{"const":"card"}},"required":["kind"]},"then":{"required":["number"]},"else":{"required":["iban"]}}""", """{"kind":"x"}""", "/iban is missing" },
        { """{"contains":{"type":"number","minimum":5}}""", """[1,"x"]""", "(root) must have at least 1 elements that fit 'contains'" },
        { """{"contains":{"type":"number"},"minContains":2,"maxContains":3}""", """[1,2,3,4]""", "(root) must have at most 3 elements that fit 'contains'" },
        { """{"contains":{"type":"number"},"minContains":0}""", "[]", null },
        { """{"prefixItems":[{"type":"string"},{"type":"number"}],"items":{"type":"boolean"}}""", """["a",1,true,"x",5]""",
            "/3 must be a boolean, and is a string; /4 must be a boolean, and is a number" },
        { """{"prefixItems":[{"type":"string"}],"items":false}""", """["a",2]""", "/1 is an element more than the schema allows" },
        { """{"propertyNames":{"maxLength":2}}""", """{"ab":1,"abc":1}""", "/abc has a name that does not fit 'propertyNames'" },
        { """{"dependentRequired":{"card":["name"]}}""", """{"card":1}""", "/name is missing, which 'card' needs beside it" },
        { """{"dependentSchemas":{"card":{"required":["name"]}}}""", """{"card":1}""", "/name is missing" },
        { """{"dependencies":{"card":["name"],"a":{"required":["b"]}},"dependentRequired":{"card":["zip"]}}""", """{"card":1,"a":1}""",
            "/b is missing; /zip is missing, which 'card' needs beside it; /name is missing, which 'card' needs beside it" },
        { """{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}""", """{"a":1,"b":2}""", "/b is no property of the schema, which allows no others" },
        { """{"anyOf":[{"properties":{"a":{"type":"number"}}},{"properties":{"b":{"type":"number"}}}],"unevaluatedProperties":false}""", """{"a":1,"b":2}""", null },
        { """{"patternProperties":{"^a":{}},"unevaluatedProperties":{"type":"string"}}""", """{"a":1,"b":2,"c":""}""", "/b must be a string, and is a number" },
        { """{"allOf":[{"prefixItems":[{}]}],"contains":{"type":"string"},"unevaluatedItems":false}""", """[1,"x",2]""", "/2 is an element more than the schema allows" },
        { """{"properties":{"a":{"$ref":"#x"}},"$defs":{"x":{"$anchor":"x","type":"string"}}}""", """{"a":1}""", "/a must be a string, and is a number" },
        { """{"properties":{"a":{"$ref":"#x"}},"definitions":{"x":{"$id":"#x","type":"string"}}}""", """{"a":1}""", "/a must be a string, and is a number" },
        { """{"$id":"https://example.com/a","properties":{"a":{"$ref":"b#/$defs/c"}},"$defs":{"b":{"$id":"b","$defs":{"c":{"type":"string"}}}}}""", """{"a":1}""", "/a must be a string, and is a number" },
        { """{"items":{"$ref":"#/$defs/x","minimum":3},"$defs":{"x":{"type":"number"}}}""", """[1,"x"]""", "/0 must be at least 3; /1 must be a number, and is a string" },
        { """{"$defs":{"x":{"type":"number"}},"definitions":{"x":{"type":"string"}},"prefixItems":[{"$ref":"#/$defs/x"},{"$ref":"#/definitions/x"}]}""", """["",1]""",
            "/0 must be a number, and is a string; /1 must be a string, and is a number" },
        { """{"items":[{"$ref":"#/additionalItems"}],"additionalItems":{"type":"number"}}""", """["a",1]""", "/0 must be a number, and is a string" },
        // The tree and the strict tree of the specification.
        {
            """{"$id":"https://example.com/strict","$dynamicAnchor":"node","$ref":"tree","unevaluatedProperties":false,"$defs":{"tree":{"$id":"tree","$dynamicAnchor":"node","type":"object","properties":{"data":true,"children":{"items":{"$dynamicRef":"#node"}}}}}}""",
            """{"children":[{"daat":1}]}""", "/children/0/daat is no property of the schema, which allows no others"
        },
        {
            """{"$schema":"https://json-schema.org/draft/2019-09/schema","$id":"https://example.com/strict","$recursiveAnchor":true,"$ref":"tree","unevaluatedProperties":false,"$defs":{"tree":{"$id":"tree","$recursiveAnchor":true,"type":"object","properties":{"data":true,"children":{"items":{"$recursiveRef":"#"}}}}}}""",
            """{"data":5,"children":[{"data":1},{"daat":1}]}""", "/children/1/daat is no property of the schema, which allows no others"
        },
        { """{"$recursiveRef":"#/$defs/x","$defs":{"x":{"type":"string"}}}""", "1", "(root) must be a string, and is a number" },
        { """{"properties":{"a":false,"b":true}}""", """{"a":1,"b":1}""", "/a must not be there" },
        { """{"maxItems":0}""", "[1]", "(root) must have at most 0 elements" },
        // Formats.
        { """{"format":"date-time"}""", "\"2020-01-01T00:00:00Z\"", null },
        { """{"format":"date-time"}""", "\"yesterday\"", "(root) does not have the format 'date-time'" },
        { """{"format":"date"}""", "\"2020-02-30\"", "(root) does not have the format 'date'" },
        { """{"format":"email"}""", "\"me\"", "(root) does not have the format 'email'" },
        { """{"format":"uuid"}""", "\"1\"", "(root) does not have the format 'uuid'" },
        { """{"format":"uri"}""", "\"x\"", "(root) does not have the format 'uri'" },
        { """{"format":"ipv4"}""", "\"1.2.3\"", "(root) does not have the format 'ipv4'" },
        { """{"format":"uri"}""", "\"/x\"", "(root) does not have the format 'uri'" },
        { """{"format":"uri"}""", "\"https://example.com/a?b=c#d\"", null },
        { """{"format":"date-time"}""", "\"2020-01-01T00:00:00.1234567+02:00\"", null },
        { """{"format":"date-time"}""", "\"2020-02-30T00:00:00Z\"", "(root) does not have the format 'date-time'" },
        { """{"format":"time"}""", "\"24:00:00\"", "(root) does not have the format 'time'" },
        { """{"format":"ipv6"}""", "\"::1\"", null },
        { """{"format":"ipv6"}""", "\"1.2.3.4\"", "(root) does not have the format 'ipv6'" },
        { """{"format":"base64"}""", "\"a\"", "(root) does not have the format 'base64'" },
        { """{"format":"shoe-size"}""", "\"42\"", null },
        // A date stays text, whatever Newtonsoft would make of it.
        { """{"pattern":"^2020-01-01T00:00:00.000Z$"}""", "\"2020-01-01T00:00:00.000Z\"", null },
        // Numbers.
        { """{"type":"integer"}""", "1.0", null },
        { """{"type":"integer"}""", "12345678901234567890", null },
        { """{"type":"integer"}""", "1234567890123456789012345678901234567890", null },
        { """{"type":"integer","maximum":10}""", "1234567890123456789012345678901234567890", "(root) must be at most 10" },
        { """{"type":"number","maximum":10}""", "1e400", "(root) must be at most 10" },
        { """{"type":"number","minimum":10}""", "-1e400", "(root) must be at least 10" },
        { """{"type":"integer"}""", "1e-400", null },
        { """{"type":"integer"}""", "1e-40", "(root) must be a whole number, and is a number" },
        { """{"maximum":12345678901234567890}""", "12345678901234567891", "(root) must be at most 12345678901234567890" },
        { """{"maximum":0.3}""", "0.30000000000000000001", "(root) must be at most 0.3" },
        // A property that is there twice could show one value to the check and another to the receiver.
        { """{"properties":{"a":{"type":"number"}}}""", """{"x":[{"a":1}],"a":"text","a":1}""", "/a is there more than once" },
        { "{}", """{"x":[0,{"a":1,"b":{},"a":{"b":1}}]}""", "/x/1/a is there more than once" },
        // Half of a surrogate pair.
        { """{"type":"number"}""", "\"\\ud83d\"", "(root) must be a number, and is a string" },
        { """{"additionalProperties":{"type":"number"}}""", "{\"\\ud83d\":\"\"}", "/\\ud83d must be a number, and is a string" },
        { """{"multipleOf":1e-28}""", "79228162514264337593543950335", null },
        { """{"enum":[0.1]}""", "0.1000000000000000000000000000000001", "(root) must be 0.1" },
        { "{}", """{"a":"x","b":[1,null]}""", null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_message_that_does_not_fit_is_refused_with_every_difference(string schema, string message, string? differences) =>
        Assert.Equal(differences is null ? null : Of + differences, await DifferencesAsync(WithSchema(schema), message));

    [Fact]
    public async Task No_keyword_shows_a_value()
    {
        string[] keywords =
        [
            """ "type":"number" """, """ "enum":[1] """, """ "const":1 """, """ "maxLength":1 """, """ "minLength":99 """, """ "pattern":"^x$" """, """ "format":"uuid" """,
            """ "anyOf":[{"const":1},false] """, """ "oneOf":[true,true] """, """ "not":{"type":"string"} """, """ "if":true,"then":{"const":2} """, """ "allOf":[false] """,
            """ "$ref":"#/$defs/never" """,
        ];
        var schema = $$"""
            {
              "$defs": { "never": false },
              "prefixItems": [ {{string.Join(',', keywords.Select(x => $"{{{x}}}"))}} ],
              "items": false, "contains": { "const": 1 }, "uniqueItems": true, "minItems": 99, "maxItems": 1
            }
            """;
        var message = $"[{string.Join(',', Enumerable.Repeat("\"marker-secret\"", keywords.Length + 1))}]";

        var said = await DifferencesAsync(WithSchema(schema), message);

        Assert.All(Enumerable.Range(0, keywords.Length + 1), i => Assert.Contains($"/{i} ", said));
        Assert.Contains("(root) has an element twice; (root) must have at least 99 elements; (root) must have at most 1 elements", said);
        Assert.DoesNotContain("marker-secret", said);
    }

    [Fact]
    public async Task Twenty_differences_are_shown_and_the_rest_counted()
    {
        var numbers = string.Join(',', Enumerable.Range(0, 23));

        Assert.Equal(
            Of + string.Join("; ", Enumerable.Range(0, 20).Select(x => $"/{x} must be a string, and is a number")) + "; and 3 more",
            await DifferencesAsync(WithSchema("""{"items":{"type":"string"}}"""), $"[{numbers}]"));
    }

    [Fact]
    public async Task A_long_list_of_differences_is_counted_to_its_end()
    {
        var list = $"[{string.Join(',', Enumerable.Repeat("1", 20_000))}]";
        var twice = $"{{{string.Join(',', Enumerable.Range(0, 10_000).Select(x => $"\"a{x / 2}\":1"))}}}";
        var often = $"{{{string.Join(',', Enumerable.Repeat("\"a\":1", 10_000))}}}";

        Assert.EndsWith("; and 19980 more", await DifferencesAsync(WithSchema("""{"items":{"type":"string"}}"""), list));
        Assert.EndsWith("; and 4980 more", await DifferencesAsync(WithSchema("{}"), twice));
        Assert.Equal(Of + "/a is there more than once", await DifferencesAsync(WithSchema("{}"), often));
    }

    [Fact]
    public async Task A_message_is_checked_after_its_references_were_replaced()
    {
        await using var app = new Sessions.SessionApp(Sessions.SessionConfiguration.Of(
            new { Sessions.SessionConfiguration.SigningKey, Selector = "$Session{userId}" }, ($"{Topic}:ResolveReferences", "true"),
            ($"{Topic}:Schema", "\"{\\\"properties\\\":{\\\"age\\\":{\\\"type\\\":\\\"number\\\"}}}\""), ($"{Topic}:Validate", "\"enforce\"")),
            more: x => x.AddDuctapeMessageBroker().AddJsonSchema());
        var token = Sessions.ForgedToken.Hmac(app.Claims(("age", 42), ("name", "Zoë")));

        Assert.True((await app.PublishAsync(token, new { age = "$Session{web}{age}" })).Success);
        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.PublishAsync(token, new { age = "$Session{web}{name}" }));

        Assert.Equal($"INVALID_INPUT: 'input.message' does not fit the {Of}/age must be a number, and is a string. Nothing was sent.", error.Message);
    }

    [Fact]
    public async Task A_topic_that_only_warns_sends_the_message_and_logs_the_differences_without_its_values()
    {
        using var logs = new Diagnostics.CapturedLogs();
        await using var services = Build(
            WithSchema("""{"required":["b"],"properties":{"a":{"type":"number"}}}""", "warn"),
            x => x.Services.AddLogging(l => l.AddProvider(logs)));
        var inbox = new Conformance.Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await services.Broker().PublishAsync(Event, new { a = "marker-secret" });
        await services.Broker().PublishAsync(Event, new { a = 1, b = 2 });

        await inbox.HasAsync(2);
        var line = Assert.Single(logs.Lines, x => x.StartsWith("Warning", StringComparison.Ordinal));
        Assert.StartsWith($"Warning: 'input.message' of my_product in dev does not fit the {Of}/a must be a number, and is a string; /b is missing. It is "
            + "sent, since Validate is Warn", line);
        Assert.DoesNotContain(logs.Lines, x => x.Contains("marker-secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("off")]
    [InlineData("Off")]
    public async Task A_topic_that_is_off_sends_everything(string validate) =>
        Assert.Null(await DifferencesAsync(WithSchema("""{"type":"string"}""", validate), "1"));

    [Fact]
    public async Task A_schema_alone_checks_nothing() =>
        Assert.Null(await DifferencesAsync(With(($"{Topic}:Schema", "\"{\\\"type\\\":\\\"string\\\"}\"")), "1"));

    [Fact]
    public async Task Many_publishes_at_once_share_a_schema()
    {
        await using var services = Build(WithSchema(
            """{"properties":{"n":{"$ref":"#/definitions/even"}},"definitions":{"even":{"multipleOf":2,"enum":[0,2,4,6,8,10,11]}}}"""));

        var results = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            try
            {
                await services.Broker().PublishAsync(Event, Encoding.UTF8.GetBytes($$"""{"n":{{i % 12}}}"""));
                return "";
            }
            catch (DuctapeException exception)
            {
                return exception.Message[(exception.Message.IndexOf(Of, StringComparison.Ordinal) + Of.Length)..];
            }
        })));

        const string Values = "/n must be one of 0, 2, 4, 6, 8, 10, 11. Nothing was sent.";
        const string Multiple = "/n must be a multiple of 2";
        for (var i = 0; i < results.Length; i++)
            Assert.Equal(i % 12 == 11 ? $"{Multiple}. Nothing was sent." : i % 2 == 0 ? "" : $"{Multiple}; {Values}", results[i]);
    }
}
