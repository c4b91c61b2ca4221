using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

public class EphemeralTests
{
    [Fact]
    public async Task Every_ephemeral_subscription_has_a_queue_and_a_copy_of_its_own()
    {
        await using var services = TestProvider.Build();
        var (one, two, durable) = (new Inbox(), new Inbox(), new Inbox());
        await using var first = await services.Broker().SubscribeAsync(Event, one.ReceiveAsync, ephemeral: true);
        await using var second = await services.Broker().SubscribeAsync(Event, two.ReceiveAsync, ephemeral: true);
        await using var third = await services.Broker().SubscribeAsync(Event, durable.ReceiveAsync);

        await services.Broker().PublishAsync(Event, 1);

        await one.HasAsync(1);
        await two.HasAsync(1);
        await durable.HasAsync(1);
        Assert.Equal(3, new[] { first.Queue, second.Queue, third.Queue }.Distinct().Count());
    }

    [Fact]
    public async Task Nothing_is_kept_while_it_is_not_subscribed()
    {
        await using var services = TestProvider.Build();
        var (before, after) = (new Inbox(), new Inbox());
        var first = await services.Broker().SubscribeAsync(Event, before.ReceiveAsync, ephemeral: true);
        await services.Broker().PublishAsync(Event, "before");
        await before.HasAsync(1);
        await first.DisposeAsync();
        // A witness, so that the message has gone through before the next subscription.
        var witness = new Inbox();
        await using var other = await services.Broker().SubscribeAsync(Event, witness.ReceiveAsync);
        await services.Broker().PublishAsync(Event, "between");
        await witness.HasAsync(1);

        await using var second = await services.Broker().SubscribeAsync(Event, after.ReceiveAsync, ephemeral: true);
        await services.Broker().PublishAsync(Event, "after");

        await after.HasAsync(1);
        Assert.Equal(["\"before\""], before.Bodies);
        Assert.Equal(["\"after\""], after.Bodies);
    }

    [Fact]
    public async Task A_stopped_queue_is_not_taken_over_by_another_environment_whose_name_begins_the_same()
    {
        await using var services = TestProvider.Build(With(($"{Broker}:Envs:dev-eu", """{ "Type": "IN_MEMORY" }""")));
        var stopped = await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask, env: "dev-eu", ephemeral: true);
        await stopped.DisposeAsync();
        var inbox = new Inbox();

        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync, env: "dev", ephemeral: true);
        await services.Broker().PublishAsync(Event, "europe", env: "dev-eu");
        await services.Broker().PublishAsync(Event, "dev", env: "dev");

        Assert.NotEqual(stopped.Queue, subscription.Queue);
        await inbox.HasAsync(1);
        Assert.Equal(["\"dev\""], inbox.Bodies);
    }
}
