using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.RabbitMq;

/// <summary>What a topic may say of queues that are made, and of those that exist.</summary>
public class RabbitMqDeclareTests
{
    private const string Rabbit = """{ "Type": "RABBITMQ", "Config": {} }""";
    private const string Quorum = """{ "Type": "RABBITMQ", "Config": { "QueueType": "quorum" } }""";

    [Theory]
    [InlineData("""{ "x-max-priority": 10, "x-message-ttl": 60000, "x-queue-mode": "lazy", "x-max-length": 1000, "x-overflow": "reject-publish" }""")]
    [InlineData("""{ "x-dead-letter-exchange": "elsewhere", "x-dead-letter-routing-key": "5", "X-EXPIRES": "60000", "x-of-a-plugin": true }""")]
    [InlineData("""{}""")]
    public void Arguments_that_a_classic_queue_has_are_no_problem(string arguments) => Assert.Empty(Problems(Rabbit, arguments));

    [Theory]
    [InlineData("""{ "x-max-priority": 256 }""", ":x-max-priority: '256' is not a whole number from 1 to 255.")]
    [InlineData("""{ "x-max-priority": "high" }""", ":x-max-priority: 'high' is not a whole number from 1 to 255.")]
    [InlineData("""{ "x-message-ttl": -1 }""", ":x-message-ttl: '-1' is not a whole number from 0 to 4294967295.")]
    [InlineData("""{ "x-queue-mode": "sleepy" }""", ":x-queue-mode: 'sleepy' is not known; one of default, lazy.")]
    [InlineData("""{ "x-overflow": "reject" }""", ":x-overflow: 'reject' is not known; one of drop-head, reject-publish, reject-publish-dlx.")]
    [InlineData("""{ "x-max-priorty": 10 }""", ":x-max-priorty: it is not known; did you mean 'x-max-priority'?")]
    [InlineData("""{ "max-priority": 10 }""", ":max-priority: it is not the name of a queue argument; those begin with 'x-'.")]
    [InlineData("""{ "x-queue-type": "stream" }""", ":x-queue-type: a stream is no queue: it keeps what was read and gives nothing back, so retries and _error mean nothing "
        + "on it; read streams with RabbitMQ's own client, and bind a queue to the exchange for this library.")]
    [InlineData("""{ "x-queue-type": "quorum" }""", ":x-queue-type: the library sets it itself; set QueueType in the broker's Config, or use a queue as it is with "
        + "\"Declare\": \"passive\".")]
    [InlineData("""{ "x-single-active-consumer": true }""", ":x-single-active-consumer: the library sets it itself; set SingleActiveConsumer in the broker's Config, which "
        + "is for topics in order, or use a queue as it is with \"Declare\": \"passive\".")]
    public void Others_are_problems_with_the_remedy(string arguments, string problem) =>
        Assert.Equal([$"Ductape:{Topic}:Arguments{problem}"], Problems(Rabbit, arguments));

    [Theory]
    [InlineData("""{ "x-max-priority": 10 }""", ":x-max-priority: quorum queues do not have it; leave it out, or set QueueType to classic.")]
    [InlineData("""{ "x-dead-letter-exchange": "x" }""", ":x-dead-letter-exchange: with quorum queues the library sets where dead letters go, since what is past the "
        + "DeliveryLimit goes to _error; leave it out, or use a queue as it is with \"Declare\": \"passive\".")]
    public void A_quorum_queue_has_fewer(string arguments, string problem)
    {
        Assert.Equal([$"Ductape:{Topic}:Arguments{problem}"], Problems(Quorum, arguments));
        Assert.Empty(Problems(Quorum, """{ "x-max-length": 1000 }"""));
    }

    [Fact]
    public void Declare_is_create_or_passive()
    {
        Assert.Empty(StartUp.Problems(With(($"{Topic}:Declare", "\"passive\""), ($"{Stg}", """{ "Type": "RABBITMQ", "Config": { "Declare": "create" } }""")), x => x.AddRabbitMq()));
        Assert.Equal(
            [$"Ductape:{Stg}:Config:Declare: 'never' is not one of Create, Passive.", $"Ductape:{Topic}:Declare: 'no' is not one of Create, Passive."],
            StartUp.Problems(With(($"{Topic}:Declare", "\"no\""), (Stg, """{ "Type": "RABBITMQ", "Config": { "Declare": "never" } }""")), x => x.AddRabbitMq())
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Lint_lists_what_must_exist_and_says_where_neither_has_an_effect()
    {
        using var services = TestProvider.Build(
            With((Stg, """{ "Type": "RABBITMQ", "Config": { "Declare": "passive" } }"""), ($"{Topic}:Redelivery", """[ "00:01:00" ]"""),
                ($"{Topic}:Arguments", """{ "x-max-priority": 10 }""")),
            x => x.AddRabbitMq());

        var findings = await CatalogLint.RunAsync(services);

        Assert.Equal(
            [
                (LintSeverity.Warning, ":Arguments", "in stg they have no effect, since the queues are used as they exist."),
                (LintSeverity.Info, ":Arguments", "they have no effect in dev, on IN_MEMORY."),
                (LintSeverity.Info, ":Declare", "in stg nothing is declared: the exchange 'sqsbroker-new-orders-stg' and the queues 'my_product-sqsbroker-new-orders-stg', "
                    + "'my_product-sqsbroker-new-orders-stg_error', 'my_product-sqsbroker-new-orders-stg_delay_60000' must exist, the first bound to the exchange."),
            ],
            findings.Select(x => (x.Severity, x.Path[$"Ductape:{Topic}".Length..], x.Message)));
        var plan = TopicPlans.Of(services).Single(x => x.Env == "stg");
        Assert.Equal((null, "10"), (plan.Declare, plan.Arguments["x-max-priority"]));
    }

    [Theory]
    [InlineData("""{ "x-message-ttl": 60000 }""", true)]
    [InlineData("""{ "x-max-length": 10 }""", true)]
    [InlineData("""{ "x-max-length": 10, "x-overflow": "reject-publish" }""", false)]
    [InlineData("""{ "x-message-ttl": 60000, "x-dead-letter-exchange": "late" }""", false)]
    public async Task Lint_warns_of_arguments_that_drop_messages(string arguments, bool warns)
    {
        using var services = TestProvider.Build(With((Dev, Rabbit), ($"{Topic}:Arguments", arguments)), x => x.AddRabbitMq());

        Assert.Equal(warns, (await CatalogLint.RunAsync(services)).Any(x => x.Message.Contains("drops messages that nobody has read", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string> Problems(string env, string arguments) =>
        StartUp.Problems(With((Dev, env), ($"{Topic}:Arguments", arguments)), x => x.AddRabbitMq());
}
