using System.Security.Cryptography;
using System.Text;
using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static MassTransit.DependencyInjectionRegistrationExtensions;
using static MassTransit.InMemoryConfigurationExtensions;

namespace Ductape.MassTransit.Tests.Routing;

public class NameTests
{
    private static readonly string LongTag = string.Concat(Enumerable.Repeat("order-", 50)) + "created";

    [Theory]
    [InlineData("IN_MEMORY", 255, 247)]
    [InlineData("HOST", 255, 72)]
    public void A_name_that_is_too_long_keeps_its_beginning_and_gets_a_stable_hash(string type, int entityLength, int queueLength)
    {
        using var services = TestProvider.Build(With(($"{Dev}:Type", $"\"{type}\""), ($"{Broker}:Topics:{LongTag}", "{}")),
            x => x.Services.AddMassTransit(bus => bus.UsingInMemory()));

        var route = services.Catalog().FetchRoute($"sqsbroker:{LongTag}");

        Assert.Equal(Shortened($"sqsbroker-{LongTag}-dev", entityLength), route.Entity);
        Assert.Equal(Shortened($"my_product-sqsbroker-{LongTag}-dev", queueLength), route.Queue);
        Assert.Equal((entityLength, queueLength), (route.Entity.Length, route.Queue.Length));
    }

    [Fact]
    public async Task A_shortened_name_works()
    {
        await using var services = TestProvider.Build(With(($"{Broker}:Topics:{LongTag}", "{}")));
        var received = new TaskCompletionSource<ReceivedMessage>();
        await using var subscription = await services.Broker().SubscribeAsync($"sqsbroker:{LongTag}", message =>
        {
            received.TrySetResult(message);
            return Task.CompletedTask;
        });

        var result = await services.Broker().PublishAsync($"sqsbroker:{LongTag}", 1);

        Assert.Equal(result.MessageId, (await received.Task.WaitAsync(Eventually.Deadline)).MessageId);
        Assert.Equal(255, result.Destination.Length);
    }

    [Fact]
    public void Two_long_names_that_differ_at_their_end_only_stay_apart()
    {
        using var services = TestProvider.Build(With(($"{Broker}:Topics:{LongTag}1", "{}"), ($"{Broker}:Topics:{LongTag}2", "{}")));

        Assert.NotEqual(
            services.Catalog().FetchRoute($"sqsbroker:{LongTag}1").Queue,
            services.Catalog().FetchRoute($"sqsbroker:{LongTag}2").Queue);
    }

    [Fact]
    public void An_explicit_entity_and_queue_win()
    {
        using var services = TestProvider.Build(With(($"{Topic}:Entity", "\"orders.exchange\""), ($"{Topic}:Queue", "\"orders.queue\"")));

        var route = services.Catalog().FetchRoute(Event);

        Assert.Equal(("orders.exchange", "orders.queue"), (route.Entity, route.Queue));
    }

    [Fact]
    public void Those_of_an_environment_win_over_those_of_the_topic()
    {
        using var services = TestProvider.Build(With(
            (Stg, """{ "Type": "RABBITMQ" }"""),
            ($"{Topic}:Entity", "\"everywhere\""),
            ($"{Topic}:Queue", "\"everywhere.queue\""),
            ($"{Topic}:Envs:stg:Queue", "\"stg.queue\"")), x => Microsoft.Extensions.DependencyInjection.RabbitMqBuilderExtensions.AddRabbitMq(x));

        Assert.Equal("everywhere.queue", services.Catalog().FetchRoute(Event).Queue);
        var staging = services.Catalog().FetchRoute(Event, env: "stg");
        Assert.Equal(("everywhere", "stg.queue"), (staging.Entity, staging.Queue));
    }

    [Fact]
    public async Task Explicit_names_are_where_the_message_goes()
    {
        await using var services = TestProvider.Build(With(($"{Topic}:Entity", "\"orders.exchange\""), ($"{Topic}:Queue", "\"orders.queue\"")));
        await using var subscription = await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);

        Assert.Equal("orders.queue", subscription.Queue);
        Assert.Equal("orders.exchange", (await services.Broker().PublishAsync(Event, 1)).Destination);
    }

    private static string Shortened(string name, int length) =>
        $"{name[..(length - 9)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";
}
