using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

/// <summary>Subscriptions that begin while everything ends.</summary>
public sealed class LateSubscriptionTests
{
    [Fact]
    public async Task One_that_begins_during_disposal_does_not_keep_the_processor_busy_for_ever()
    {
        var services = TestProvider.Build(With(($"{Broker}:Topics:late", """{ "Retry": { "Count": 3, "InitialDelay": "00:00:00.500" } }""")));
        var broker = services.Broker();
        var (entered, release, failed) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        await broker.SubscribeAsync(Event, _ =>
        {
            entered.TrySetResult();
            return release.Task;
        });
        await broker.PublishAsync(Event, 1);
        await entered.Task.WaitAsync(PublishAndReceive.Deadline);
        var disposing = services.DisposeAsync().AsTask();
        var late = await broker.SubscribeAsync("sqsbroker:late", _ =>
        {
            failed.TrySetResult();
            throw new InvalidOperationException("Its retry comes when the connection has stopped.");
        });
        await broker.PublishAsync("sqsbroker:late", 1);
        await failed.Task.WaitAsync(PublishAndReceive.Deadline);

        release.SetResult();
        await late.DisposeAsync().AsTask().WaitAsync(PublishAndReceive.Deadline);

        await disposing.WaitAsync(PublishAndReceive.Deadline);
    }

    [Fact]
    public async Task One_that_waits_for_its_broker_when_the_provider_is_disposed_fails_as_the_contract_says()
    {
        var services = TestProvider.Build(
            With((Dev, """{ "Type": "RABBITMQ", "Config": { "Url": "amqp://127.0.0.1:1/" } }""")), x => x.AddRabbitMq());
        var subscribing = services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);

        await services.DisposeAsync();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => subscribing.WaitAsync(PublishAndReceive.Deadline));
        Assert.Equal(DuctapeErrorCodes.SubscribeFailed, error.Code);
    }

    [Fact]
    public async Task A_named_one_and_another_environment_of_the_same_queue_name_do_not_meet()
    {
        await using var services = TestProvider.Build(With(($"{Broker}:Envs:dev-x", """{ "Type": "IN_MEMORY" }""")));
        await (await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask, subscription: "x")).StopAsync();

        var error = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask, env: "dev-x"));

        Assert.Equal(DuctapeErrorCodes.SubscriptionExists, error.Code);
    }
}
