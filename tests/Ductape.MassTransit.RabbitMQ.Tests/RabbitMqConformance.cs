using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.RabbitMQ.Tests;

public sealed class RabbitMqPublishing(RabbitMqFixture fixture) : PublishConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class RabbitMqSubscribing(RabbitMqFixture fixture) : SubscribeConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

/// <summary>The same with quorum queues, whose arguments must agree wherever a queue is declared.</summary>
public sealed class QuorumQueueSubscribing(RabbitMqFixture fixture) : SubscribeConformance
{
    protected override JsonObject Env()
    {
        var env = fixture.Env();
        env["Config"]!["QueueType"] = "quorum";
        return env;
    }

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class RabbitMqSessions(RabbitMqFixture fixture) : SessionConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class RabbitMqRedelivery(RabbitMqFixture fixture) : RedeliveryConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class QuorumQueueRedelivery(RabbitMqFixture fixture) : RedeliveryConformance
{
    protected override JsonObject Env()
    {
        var env = fixture.Env();
        env["Config"]!["QueueType"] = "quorum";
        return env;
    }

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class RabbitMqDeadLetters(RabbitMqFixture fixture) : DeadLetterConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class QuorumQueueDeadLetters(RabbitMqFixture fixture) : DeadLetterConformance
{
    // A quorum queue may put what it is given back behind the rest.
    protected override bool KeepsOrder => false;

    protected override JsonObject Env()
    {
        var env = fixture.Env();
        env["Config"]!["QueueType"] = "quorum";
        return env;
    }

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class RabbitMqShutdown(RabbitMqFixture fixture) : ShutdownConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class RabbitMqPublishMany(RabbitMqFixture fixture) : PublishManyConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class RabbitMqSubscriptionMemory(RabbitMqFixture fixture) : SubscriptionMemoryConformance
{
    // Each cycle declares and deletes a queue on the server.
    protected override int Cycles => 30;

    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

[CollectionDefinition(Alone.Name, DisableParallelization = true)]
public sealed class AloneCollection;
