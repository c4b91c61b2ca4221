using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Schemas.SchemaApp;

namespace Ductape.MassTransit.Tests.Schemas;

public sealed class SampleTests : IDisposable
{
    private const string Of = "sample of 'sqsbroker:new-orders': ";

    private readonly string _folder = Directory.CreateTempSubdirectory("ductape-samples-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    /// <summary>A sample whose types are known, a message, and what differs or null.</summary>
    public static TheoryData<string, string, string?> Typed => new()
    {
        { """{"id":"1","total":10.5}""", """{"id":"2","total":3}""", null },
        { """{"id":"1","total":10.5}""", """{"id":"2","total":3,"more":true}""", null },
        { """{"id":"1","total":10.5}""", """{"total":"3"}""", "/id is missing; /total must be a number, and is a string" },
        { """{"id":"1"}""", """{"ID":"2"}""", "/id is missing" },
        { """{"id":"1"}""", """{"id":null}""", "/id must be a string, and is null" },
        { """{"id":5}""", """{"id":"5"}""", "/id must be a number, and is a string" },
        { """{"id":5}""", """{"id":5.5}""", null },
        { """{"paid":true}""", """{"paid":"true"}""", "/paid must be a boolean, and is a string" },
        { """{"customer":{"email":"x"}}""", """{"customer":{}}""", "/customer/email is missing" },
        { """{"customer":{"email":"x"}}""", """{"customer":"x"}""", "/customer must be an object, and is a string" },
        // Null and an empty list say nothing of what may be there.
        { """{"note":null}""", """{"note":{"a":1}}""", null },
        { """{"note":null}""", "{}", "/note is missing" },
        { """{"lines":[]}""", """{"lines":[1,"x"]}""", null },
        { """{"lines":[]}""", """{"lines":{}}""", "/lines must be a list, and is an object" },
        // An element is like one of the sample's.
        { """{"lines":[{"qty":1},{"qty":2}]}""", """{"lines":[]}""", null },
        { """{"lines":[{"qty":1},{"qty":2}]}""", """{"lines":[{"qty":1},{"qty":"2"},{}]}""", "/lines/1/qty must be a number, and is a string; /lines/2/qty is missing" },
        { """{"lines":[{"qty":1},"none"]}""", """{"lines":["none",{"qty":1}]}""", null },
        { """{"lines":[{"qty":1},"none"]}""", """{"lines":[5]}""", "/lines/0 is like none of the sample's elements" },
        { """{"lines":[{"a":1},{"b":1}]}""", """{"lines":[{"b":2},{"a":1,"b":"x"},{}]}""", "/lines/2 is like none of the sample's elements" },
        { """{"lines":[null,1]}""", """{"lines":["x"]}""", null },
        { """{"a":1,"b":{"c":1}}""", """{"b":{"c":"x"},"a":""}""", "/a must be a number, and is a string; /b/c must be a number, and is a string" },
        { """{"a~b":{"c/d":1}}""", """{"a~b":{}}""", "/a~0b/c~1d is missing" },
        { """{"é":1}""", "{\"\\u00e9\":2}", null },
        // A property that is there twice, wherever it is.
        { """{"a":1}""", """{"a":1,"a":1}""", "/a is there more than once" },
        { """{"a":1}""", """{"a":1,"more":[{"x":1,"x":2,"x":3}]}""", "/more/0/x is there more than once" },
        { """[{"a":1},1]""", """[{"a":1,"x":1,"x":1}]""", "/0/x is there more than once" },
        { """{"a":1}""", "{\"a\":1,\"\\u0061\":2}", "/a is there more than once" },
        { """{"a":1}""", "{\"a\":1,\"\\ud83d\":2}", null },
        { """[1]""", """["x"]""", "/0 must be a number, and is a string" },
        { """{"$ref":"x","properties":1,"enum":[1]}""", """{"$ref":1,"properties":1,"enum":[1]}""", "/$ref must be a string, and is a number" },
    };

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task A_sample_as_text_is_compared_by_names_and_types(string sample, string message, string? differences) =>
        Assert.Equal(differences is null ? null : Of + differences,
            await DifferencesAsync(WithSample(System.Text.Json.JsonSerializer.Serialize(sample)), message));

    /// <summary>
    /// A sample as an object of the configuration, where numbers, booleans and their texts are the same.
    /// </summary>
    public static TheoryData<string, string, string?> Untyped => new()
    {
        { """{"id":5,"text":"5","ok":true,"okText":"true"}""", """{"id":"x","text":5,"ok":"x","okText":false}""", null },
        { """{"id":-1.5,"day":"2020-01-01"}""", """{"id":{},"day":5}""", null },
        { """{"id":5,"status":"pending"}""", """{"status":7}""", "/id is missing; /status must be a string, and is a number" },
        { """{"note":null,"empty":""}""", """{"note":1,"empty":1}""", null },
        { """{"lines":[{"qty":1}],"customer":{"name":"x"}}""", """{"lines":[{}],"customer":[]}""",
            "/lines/0/qty is missing; /customer must be an object, and is a list" },
        { """{"json":"{\"a\":1}"}""", """{"json":"text"}""", null },
    };

    [Theory]
    [MemberData(nameof(Untyped))]
    public async Task A_sample_as_an_object_is_compared_by_names_and_by_types_that_it_still_has(string sample, string message, string? differences)
    {
        var said = await DifferencesAsync(WithSample(sample), message);

        // A configuration sorts its keys.
        Assert.Equal(Sorted(differences), Sorted(said?[Of.Length..]));

        static IEnumerable<string> Sorted(string? list) => (list ?? "").Split("; ").Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Many_properties_are_found_and_the_missing_ones_told_in_order()
    {
        string Numbers(IEnumerable<int> numbers, string value) => $"{{{string.Join(',', numbers.Select(x => $"\"p{x}\":{value}"))}}}";
        var sample = WithSample(System.Text.Json.JsonSerializer.Serialize(Numbers(Enumerable.Range(0, 100), "1")));

        Assert.Null(await DifferencesAsync(sample, Numbers(Enumerable.Range(0, 200).Reverse(), "2")));
        Assert.Equal(Of + "/p3 is missing; /p70 must be a number, and is a string",
            await DifferencesAsync(sample, Numbers(Enumerable.Range(0, 100).Where(x => x is not 3 and not 70), "2")[..^1] + ",\"p70\":\"\"}"));
        var all = await DifferencesAsync(sample, Numbers(Enumerable.Range(0, 100), "true"));
        Assert.StartsWith(Of + "/p0 must be a number, and is a boolean; /p1 must be", all);
        Assert.EndsWith("; /p19 must be a number, and is a boolean; and 80 more", all);
    }

    [Fact]
    public async Task A_schema_wins_over_a_sample() => Assert.Equal(
        "schema of 'sqsbroker:new-orders': (root) must be a string, and is an object",
        await DifferencesAsync(With(($"{Topic}:Sample", """{"a":1}"""), ($"{Topic}:Schema", "\"{\\\"type\\\":\\\"string\\\"}\""),
            ($"{Topic}:Validate", "\"enforce\"")), "{}"));

    [Fact]
    public async Task The_sample_of_an_events_file_has_its_types()
    {
        var file = Path.Combine(_folder, "events.json");
        File.WriteAllText(file, """
            [ { "tag": "sqsbroker", "topics": [ { "tag": "sqsbroker:new-orders", "sample": { "total": 10.50, "text": "5" } } ] } ]
            """);
        await using var services = TestProvider.Build(With(($"{Topic}:Validate", "\"enforce\"")), x => x.AddDuctapeEventsFile(file));

        await services.Broker().PublishAsync(Event, new { total = 1, text = "x" });
        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, new { total = "1", text = 5 }));

        Assert.Equal($"INVALID_INPUT: 'input.message' does not fit the {Of}/total must be a number, and is a string; /text must be a string, and is a "
            + "number. Nothing was sent.", error.Message);
    }
}
