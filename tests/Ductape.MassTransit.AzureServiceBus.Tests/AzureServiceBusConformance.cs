using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.AzureServiceBus.Tests;

public sealed class AzureServiceBusPublishing(AzureServiceBusFixture fixture) : PublishConformance
{
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

public sealed class AzureServiceBusRedeliveries(AzureServiceBusFixture fixture) : RedeliveryConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class SessionQueueRedeliveries(AzureServiceBusFixture fixture) : RedeliveryConformance
{
    protected override JsonObject Env() => fixture.SessionEnv();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AzureServiceBusDeadLetters(AzureServiceBusFixture fixture) : DeadLetterConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class SessionQueueDeadLetters(AzureServiceBusFixture fixture) : DeadLetterConformance
{
    protected override JsonObject Env() => fixture.SessionEnv();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AzureServiceBusSubscriptionMemory(AzureServiceBusFixture fixture) : SubscriptionMemoryConformance
{
    // Each cycle creates entities.
    protected override int Cycles => 100;

    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAzureServiceBus();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}
