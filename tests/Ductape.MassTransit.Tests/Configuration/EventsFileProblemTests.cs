using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Configuration;

public sealed class EventsFileProblemTests : IDisposable
{
    private const string Envs = """ "envs": [ { "slug": "dev", "type": "IN_MEMORY" } ] """;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"ductape-events-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_file_that_is_missing_is_named() =>
        Assert.StartsWith($"{_path}: it cannot be read: ", Assert.Single(Problems()));

    [Fact]
    public void A_file_without_a_product_says_how_to_name_one()
    {
        File.WriteAllText(_path, "[]");
        var services = new ServiceCollection();
        services.AddDuctapeMessageBroker(_ => { }).AddDuctapeEventsFile(_path);

        Assert.Contains(
            $"{_path}: no product is named for the brokers of this file; set Ductape:Product, or give AddDuctapeEventsFile a product.",
            StartUp.Problems(services));
    }

    [Theory]
    [InlineData("{ oops", ": it is not JSON: ")]
    [InlineData("", ": it is not JSON: ")]
    [InlineData("{}", ": it must be a JSON array of brokers, as Ductape's CLI writes it.")]
    [InlineData("null", ": it must be a JSON array of brokers, as Ductape's CLI writes it.")]
    [InlineData("\"x\"", ": it must be a JSON array of brokers, as Ductape's CLI writes it.")]
    [InlineData("""[ "sqsbroker" ]""", ":Events:0: it takes an object, not a single value.")]
    [InlineData($$"""[ "oops", { "tag": "b", {{Envs}}, "topics": [ { "tag": "b:t", "sample": { "a": 1 } } ] } ]""", ":Events:0: it takes an object, not a single value.")]
    [InlineData($$"""[ { "tag": "b", {{Envs}}, "topcs": [] } ]""", ":Events:0:topcs: it is not a known key. Did you mean 'Topics'?")]
    [InlineData($$"""[ { "tag": "b", {{Envs}}, "topics": [ { "tag": "b:t", "queueUrl": "x" } ] } ]""", ":Events:0:topics:0:queueUrl: it is not a known key. Did you mean 'QueueUrls'?")]
    [InlineData($$"""[ { "tag": "b", {{Envs}}, "topics": [ { "tag": "c:t" } ] } ]""", ":Events:0:topics:0:tag: 'c:t' is not a topic of this broker; write it in full, as 'b:topicTag'.")]
    [InlineData($$"""[ { "tag": "b", {{Envs}}, "topics": [ { "tag": "t" } ] } ]""", ":Events:0:topics:0:tag: 't' is not a topic of this broker; write it in full, as 'b:topicTag'.")]
    [InlineData($$"""[ { "tag": "b", {{Envs}}, "topics": [ {} ] } ]""", ":Events:0:topics:0:tag: '' is not a topic of this broker; write it in full, as 'b:topicTag'.")]
    [InlineData($$"""[ { {{Envs}} } ]""", ":Events:0:tag: it is missing.")]
    [InlineData("""[ { "tag": "b", "envs": [ { "type": "IN_MEMORY" }, { "slug": "dev", "type": "IN_MEMORY" } ] } ]""", ":Events:0:envs:0:slug: it is missing.")]
    [InlineData($$"""[ { "tag": "b", {{Envs}}, "topics": [ { "tag": "b:t", "queueUrls": [ { "url": "https://x" } ] } ] } ]""", ":Events:0:topics:0:queueUrls:0: it needs both env_slug and url.")]
    [InlineData("""[ { "tag": "b", "tag": "c" } ]""", ": A duplicate key 'Events:0:tag' was found.")]
    [InlineData("[ null ]", ":Events:0")]
    public void A_file_that_is_wrong_is_one_problem_with_its_place(string json, string problem)
    {
        File.WriteAllText(_path, json);

        Assert.StartsWith($"{_path}{problem}", Assert.Single(Problems()));
    }

    [Fact]
    public void Problems_of_the_file_are_reported_with_those_of_the_configuration()
    {
        File.WriteAllText(_path, """[ { "name": "no tag" }, { "tag": "b", "envs": [ { "slug": "dev", "type": "KAFKA" } ] } ]""");

        Assert.Equal(3, Problems(OrdersConfiguration.With(("Prodct", "\"x\""))).Count);
    }

    private IReadOnlyList<string> Problems(string json = TestServices.OrdersJson) => StartUp.Problems(json, x => x.AddDuctapeEventsFile(_path));
}
