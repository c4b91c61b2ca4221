using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.AmazonSQS.Tests;

public sealed class AmazonSqsPausing(AmazonSqsFixture fixture) : PauseConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AmazonSqsKillSwitch(AmazonSqsFixture fixture) : KillSwitchConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

/// <summary>A standard queue keeps no order.</summary>
public sealed class FifoOrder(AmazonSqsFixture fixture) : OrderConformance
{
    // Every message is a request or two.
    protected override int OrderedMessages => 500;

    protected override JsonObject Env() => fixture.FifoEnv();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

/// <summary>
/// On standard queues, since FIFO queues do not redeliver; the emulator keeps their order, which AWS does not promise.
/// </summary>
public sealed class AmazonSqsCombined(AmazonSqsFixture fixture) : CombinedConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}
