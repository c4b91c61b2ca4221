using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.AzureServiceBus.Tests;

public sealed class AzureServiceBusPausing(AzureServiceBusFixture fixture) : PauseConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AzureServiceBusKillSwitch(AzureServiceBusFixture fixture) : KillSwitchConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

/// <summary>A queue without sessions keeps the order for one callback at a time only.</summary>
public sealed class SessionQueueOrder(AzureServiceBusFixture fixture) : OrderConformance
{
    // Every message is a request or two.
    protected override int OrderedMessages => 500;

    // A message whose lock is lost in the moment in which its consumer goes comes again.
    protected override bool DeliversAgain => true;

    protected override JsonObject Env() => fixture.SessionEnv();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class SessionQueueCombined(AzureServiceBusFixture fixture) : CombinedConformance
{
    protected override JsonObject Env() => fixture.SessionEnv();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}
