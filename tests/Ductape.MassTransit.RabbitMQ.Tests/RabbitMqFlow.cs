using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.RabbitMQ.Tests;

public sealed class RabbitMqPausing(RabbitMqFixture fixture) : PauseConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class RabbitMqKillSwitch(RabbitMqFixture fixture) : KillSwitchConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class RabbitMqOrder(RabbitMqFixture fixture) : OrderConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class QuorumQueueOrder(RabbitMqFixture fixture) : OrderConformance
{
    protected override int OrderedMessages => 2_000;

    protected override bool DeliversAgain => true;

    protected override JsonObject Env()
    {
        var env = fixture.Env();
        env["Config"]!["QueueType"] = "quorum";
        return env;
    }

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class RabbitMqCombined(RabbitMqFixture fixture) : CombinedConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}
