using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Reloading;

/// <summary>What a changed configuration takes away.</summary>
public class RemovalTests : ReloadTest
{
    [Fact]
    public async Task The_subscriptions_of_a_removed_topic_end_with_a_warning_and_its_publishes_are_refused()
    {
        var app = Start();
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);

        await app.ReloadedAsync(x => Topics(x).Remove("created"));

        Assert.Equal(DuctapeErrorCodes.TopicNotFound,
            (await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, 2))).Code);
        Assert.Equal(1, Logged("Warning: The subscription of shop to orders:created in test, queue shop-orders-created-test, ends: the reloaded configuration has no such event."));
        await Eventually.TrueAsync(() => Logged("Unsubscribed shop from orders:created") == 1);
        await subscription.StopAsync();
    }

    [Theory]
    [InlineData("Products:billing", DuctapeErrorCodes.ProductNotFound)]
    [InlineData("Products:billing:Brokers:orders", DuctapeErrorCodes.BrokerNotFound)]
    [InlineData("Products:billing:Brokers:orders:Envs:test", DuctapeErrorCodes.BrokerEnvNotFound)]
    public async Task A_removed_product_broker_or_environment_ends_its_subscriptions_too(string path, string code)
    {
        var app = Start();
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask, product: "billing");

        await app.ReloadedAsync(x =>
        {
            x["Products"]!["billing"]!["Brokers"]![Broker]!["Envs"]!["other"] = new JsonObject { ["Type"] = "IN_MEMORY" };
            var keys = path.Split(':');
            keys[..^1].Aggregate(x, (node, key) => node[key]!).AsObject().Remove(keys[^1]);
        });

        Assert.Equal(code, (await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, 2, product: "billing"))).Code);
        await Eventually.TrueAsync(() => Logged("Unsubscribed billing from orders:created") == 1);
    }

    [Fact]
    public async Task A_subscription_made_in_code_has_ended_for_good_even_if_the_topic_comes_back()
    {
        var app = Start();
        var (first, second) = (new Inbox(), new Inbox());
        await app.Broker.SubscribeAsync(Created, first.ReceiveAsync);
        await app.ReloadedAsync(x => Topics(x).Remove("created"));
        await app.ReloadedAsync(x => Topics(x)["created"] = new JsonObject());

        await app.Broker.SubscribeAsync(Created, second.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);

        await second.HasAsync(1);
        Assert.Empty(first.Letters);
    }

    [Fact]
    public async Task A_class_based_subscriber_comes_back_with_its_topic()
    {
        var inbox = new Inbox();
        var app = Start(x => x.AddSubscriber<CreatedSubscriber>(), hosted: true, configure: x => x.AddSingleton(inbox));
        await app.Host.StartAsync(TestContext.Current.CancellationToken);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);

        await app.ReloadedAsync(x => Topics(x).Remove("created"));
        await app.ReloadedAsync(x => Topics(x)["created"] = new JsonObject());

        await Eventually.TrueAsync(() => Logged("Subscribed shop to orders:created") == 2);
        await app.Broker.PublishAsync(Created, 2);
        await inbox.HasAsync(2);
        Assert.Equal(["1", "2"], inbox.Bodies);
        await app.Host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Subscribe(Created)]
    private sealed class CreatedSubscriber(Inbox inbox) : ISubscriber<int>
    {
        public Task HandleAsync(int payload, ReceivedMessage message) => inbox.ReceiveAsync(message);
    }
}
