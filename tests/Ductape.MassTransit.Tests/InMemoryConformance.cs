using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests;

public sealed class InMemoryPublishing : PublishConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder)
    {
    }

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

public sealed class InMemorySubscribing : SubscribeConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => InMemory.AddErrorReader(builder, Created);

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

public sealed class InMemorySessions : SessionConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => InMemory.AddErrorReader(builder, Created);

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

public sealed class InMemoryRedelivery : RedeliveryConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder)
    {
    }

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

public sealed class InMemoryDeadLetters : DeadLetterConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder)
    {
    }

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

public sealed class InMemoryShutdown : ShutdownConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder)
    {
    }

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

public sealed class InMemorySubscriptionMemory : SubscriptionMemoryConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder)
    {
    }

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

public sealed class InMemoryPublishMany : PublishManyConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => InMemory.AddErrorReader(builder, Created);

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

internal static class InMemory
{
    public static JsonObject Env() => new() { ["Type"] = "IN_MEMORY" };

    /// <summary>A product whose queue for the event is the errors' queue of the product shop.</summary>
    public static void AddErrorReader(IDuctapeMessageBrokerBuilder builder, string @event)
    {
        var name = EventName.Parse(@event);
        var queue = $"shop-{name.Broker}-{name.Topic}-test_error";
        builder.Services.PostConfigure<DuctapeOptions>(options => options.Products["errors"] = new ProductOptions
        {
            Brokers =
            {
                [name.Broker] = new BrokerOptions
                {
                    Envs = { ["test"] = new BrokerEnvOptions { Type = BrokerTypes.InMemory } },
                    Topics = { [name.Topic] = new TopicOptions { Entity = $"{queue}-source", Queue = queue } },
                },
            },
        });
    }

    public static async Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, string @event, int count)
    {
        var inbox = new Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(@event, inbox.ReceiveAsync, product: "errors");
        await inbox.HasAsync(count);
        return inbox.Bodies;
    }
}
