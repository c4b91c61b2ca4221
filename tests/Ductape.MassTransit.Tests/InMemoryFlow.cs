using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests;

public sealed class InMemoryPausing : PauseConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder)
    {
    }

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

public sealed class InMemoryKillSwitch : KillSwitchConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder)
    {
    }

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

public sealed class InMemoryOrder : OrderConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => InMemory.AddErrorReader(builder, Created);

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}

public sealed class InMemoryCombined : CombinedConformance
{
    protected override JsonObject Env() => InMemory.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder)
    {
    }

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => InMemory.ErrorsAsync(app, Created, count);
}
