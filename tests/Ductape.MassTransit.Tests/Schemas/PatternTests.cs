using System.Text;
using System.Text.Json;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Schemas.SchemaApp;

namespace Ductape.MassTransit.Tests.Schemas;

/// <summary>Schemas and messages that were made to take long.</summary>
public class PatternTests
{
    private const string Of = "schema of 'sqsbroker:new-orders': ";

    // The look-ahead keeps .NET from matching it in time in proportion to the text.
    private const string Slow = "^(?=x|y)(([xy]+)+)+$";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private static readonly string Worst = new string('x', 60) + "!marker-secret";

    public static TheoryData<string, string, string?> Linear => new()
    {
        { """{"pattern":"^(a+)+$"}""", $"\"{new string('a', 50_000)}!\"", "(root) does not match the pattern '^(a+)+$'" },
        { """{"patternProperties":{"^(a+)+$":{}},"additionalProperties":false}""", $$"""{"{{new string('a', 2_000)}}!":1,"aa":1}""",
            $"/{new string('a', 2_000)}! is no property of the schema, which allows no others" },
        { """{"format":"email"}""", $"\"{new string('a', 200_000)}@{new string('a', 200_000)}\"", "(root) does not have the format 'email'" },
        { """{"format":"email"}""", "\"John.Doe+x@mail.example.com\"", null },
        { """{"format":"hostname"}""", $"\"{new string('a', 200_000)}-\"", "(root) does not have the format 'hostname'" },
        { """{"format":"hostname"}""", "\"mail-1.Example.com\"", null },
        // All patterns that a name matches count, and 'properties' too.
        { """{"properties":{"ab":{"type":"string"}},"patternProperties":{"^a":{"type":"number"},"b":{"type":"string"}},"additionalProperties":{"type":"boolean"}}""",
            """{"ab":"","ac":"","acb":"","cb":1,"x":1}""",
            "/ab must be a number, and is a string; /ac must be a number, and is a string; /acb must be a number, and is a string; /cb must be a string, and is a number; /x must be a boolean, and is a number" },
        { """{"patternProperties":{"^a":{"$ref":"#/definitions/x"}},"definitions":{"x":{"pattern":"^b$"}},"anyOf":[{"minProperties":1},{"patternProperties":{"c":{}}}]}""",
            """{"a":"c"}""", "/a does not match the pattern '^b$'" },
        { """{"properties":{"a":{"type":["string","null"],"pattern":"^b"}}}""", """{"a":"c"}""", "/a does not match the pattern '^b'" },
        { """{"uniqueItems":true}""", """[{"a":1,"b":2},{"b":2.0,"a":1}]""", "(root) has an element twice" },
        { """{"uniqueItems":true}""", """[1,"1",[1],[1,2],[2,1],{"1":1},null,true,1.5,"",{},[]]""", null },
    };

    [Theory]
    [MemberData(nameof(Linear))]
    public async Task What_can_be_checked_in_linear_time_is(string schema, string message, string? differences) => Assert.Equal(
        differences is null ? null : Of + differences, await Task.Run(() => DifferencesAsync(WithSchema(schema), message)).WaitAsync(Deadline));

    [Theory]
    [InlineData("""{"properties":{"a":{"pattern":"SLOW"}}}""", "/properties/a/pattern")]
    [InlineData("""{"patternProperties":{"SLOW":{}}}""", "/patternProperties/^(?=x|y)(([xy]+)+)+$")]
    public async Task A_pattern_that_takes_too_long_refuses_the_publish_and_shows_no_value(string schema, string place)
    {
        await using var services = Build(WithSlow(schema));
        var message = Encoding.UTF8.GetBytes($$"""{"a":"{{Worst}}","{{Worst}}":1}""");

        var error = await Assert.ThrowsAsync<DuctapeException>(() => Task.Run(() => services.Broker().PublishAsync(Event, message)).WaitAsync(Deadline));

        Assert.Equal((DuctapeErrorCodes.InvalidInput, Event), (error.Code, error.Event));
        Assert.StartsWith($"INVALID_INPUT: 'input.message' cannot be checked against the {Of}its patterns took longer than 250 ms together, at last '{Slow}' at {place}. "
            + "Nothing was sent.", error.Message);
        Assert.DoesNotContain("marker-secret", error.ToString());
    }

    [Fact]
    public async Task All_patterns_of_a_message_have_the_time_together()
    {
        // Each of them takes a few milliseconds: far less than the limit, and an hour together.
        await using var services = Build(WithSlow("""{"items":{"pattern":"SLOW"}}"""));
        var message = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat($"\"{new string('x', 14)}!\"", 200_000))}]");

        var error = await Assert.ThrowsAsync<DuctapeException>(() => Task.Run(() => services.Broker().PublishAsync(Event, message)).WaitAsync(Deadline));

        Assert.Contains("its patterns took longer than 250 ms together", error.Message);
    }

    [Fact]
    public async Task A_topic_that_only_warns_sends_what_took_too_long_and_says_so()
    {
        using var logs = new CapturedLogs();
        await using var services = Build(WithSlow("""{"pattern":"SLOW"}""", "warn"), x => x.Services.AddLogging(l => l.AddProvider(logs)));
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await Task.Run(() => services.Broker().PublishAsync(Event, Encoding.UTF8.GetBytes($"\"{Worst}\""))).WaitAsync(Deadline);

        await inbox.HasAsync(1);
        Assert.StartsWith($"Warning: 'input.message' of my_product in dev was not checked against the {Of}"
            + $"its patterns took longer than 250 ms together, at last '{Slow}' at /pattern. It is sent, since Validate is Warn",
            Assert.Single(logs.Lines, x => x.StartsWith("Warning", StringComparison.Ordinal)));
        Assert.DoesNotContain(logs.Lines, x => x.Contains("marker-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Elements_that_look_alike_to_a_weak_hash_are_compared_in_linear_time()
    {
        // By Newtonsoft's comparer all of them have one hash, and took hours.
        var items = string.Join(',', Enumerable.Range(0, 200_000).Select(i => $$"""{"a":{{i}},"b":{{i}} }"""));
        await using var services = Build(WithSchema("""{"uniqueItems":true}"""));

        Assert.True((await Task.Run(() => services.Broker().PublishAsync(Event, Encoding.UTF8.GetBytes($"[{items}]"))).WaitAsync(Deadline)).Success);
    }

    [Fact]
    public async Task Lint_names_the_patterns_that_need_backtracking()
    {
        const string schema = """{"properties":{"a":{"pattern":"SLOW"},"b":{"pattern":"^(a+)+$"}},"patternProperties":{"(.)\\1":{}}}""";
        var findings = await CatalogLint.RunAsync(TestServices.Configuration(WithSlow(schema)), x => x.AddJsonSchema(), TestContext.Current.CancellationToken);

        Assert.Equal(["'(.)\\1' at /patternProperties/(.)\\1", $"'{Slow}' at /properties/a/pattern"],
            findings.Where(x => x.Path == $"Ductape:{Topic}:Schema").Select(x => x.Message.Split("the pattern ")[1].Split(" cannot")[0]).Order(StringComparer.Ordinal));
        Assert.All(findings.Where(x => x.Path == $"Ductape:{Topic}:Schema"), x => Assert.Equal(LintSeverity.Warning, x.Severity));
    }

    [Fact]
    public void A_path_that_no_file_can_have_is_a_problem_of_the_configuration()
    {
        var problems = Problems(With(($"{Topic}:Schema", JsonSerializer.Serialize("schemas/a\0b.json"))));

        Assert.Equal([$"Ductape:{Topic}:Schema: 'schemas/a\\u0000b.json' is no path, since no path has a NUL; give the path of a .json file."], problems);
    }

    private static string WithSlow(string schema, string validate = "enforce") => WithSchema(schema.Replace("SLOW", Slow, StringComparison.Ordinal), validate);
}
