using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.AzureServiceBus.Tests;

public sealed class AzureServiceBusPublishing(AzureServiceBusFixture fixture) : PublishConformance
{
    protected override string? NoUnroutable => "Azure Service Bus takes a message that nobody would get, and does not say so.";

    protected override int LargePayload => 200 * 1024;

    // Every message is a request or two.
    protected override int ConcurrentMessages => 200;

    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AzureServiceBusSubscribing(AzureServiceBusFixture fixture) : SubscribeConformance
{
    // Every message is a request or two.
    protected override int ConcurrentMessages => 200;

    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AzureServiceBusSessions(AzureServiceBusFixture fixture) : SessionConformance
{
    protected override string? NoReplay => "Dead letters of Azure Service Bus are not replayed here.";

    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AzureServiceBusShutdown(AzureServiceBusFixture fixture) : ShutdownConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AzureServiceBusPublishMany(AzureServiceBusFixture fixture) : PublishManyConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}
