using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Diagnostics;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Tests;

/// <summary>An application with more topics than MassTransit keeps publish endpoints of.</summary>
public sealed class ManyTopicsTests
{
    private const int Rounds = 3;

    [Fact]
    public async Task What_publishes_to_a_topic_is_made_once_however_many_topics_there_are()
    {
        // MassTransit reads it when a bus is made; others get by with fewer, too.
        var (kept, before) = (8, SendEndpointCacheDefaults.Capacity);
        var topics = Enumerable.Range(0, kept * 5).Select(x => $"topic{x}").ToArray();
        var json = ConformanceApp.Configuration(new() { ["Type"] = "IN_MEMORY" });
        var configured = json["Ductape"]!["Products"]!["shop"]!["Brokers"]!["orders"]!["Topics"]!.AsObject();
        foreach (var topic in topics)
            configured[topic] = new JsonObject();
        var logs = new CapturedLogs();
        SendEndpointCacheDefaults.Capacity = kept;
        try
        {
            await using var app = new ConformanceApp(json, _ => { }, x => x.AddLogging(y => y.SetMinimumLevel(LogLevel.Debug).AddProvider(logs)));
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var topic in topics)
                    await app.Broker.PublishAsync($"orders:{topic}", round, cancellationToken: TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            SendEndpointCacheDefaults.Capacity = before;
        }

        // Each was told of before its first publish.
        Assert.Equal(topics.Length, logs.Lines.Count(x => x.Contains("Create send transport", StringComparison.Ordinal)));
    }
}
