using System.Text.Json;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.CallWorker;

/// <summary>What an application does with any broker, one thing after the other.</summary>
internal sealed class Flow(ReloadApp app)
{
    private readonly Inbox _inbox = new();

    private IMessageBroker Broker => app.Broker;

    private IDeadLetters DeadLetters => app.Services.GetRequiredService<IDeadLetters>();

    /// <summary>
    /// The configuration of an application with a topic for each of its features, in both formats.
    /// </summary>
    public static JsonObject Configuration(JsonObject env)
    {
        var retry = new JsonObject { ["Count"] = 1, ["InitialDelay"] = "00:00:00.010", ["Ignore"] = new JsonArray("NotSupportedException") };
        JsonObject Broker(string format)
        {
            var environment = env.DeepClone();
            environment["Format"] = format;
            return new JsonObject
            {
                ["Envs"] = new JsonObject { ["test"] = environment },
                ["Topics"] = new JsonObject
                {
                    ["created"] = new JsonObject { ["Retry"] = retry.DeepClone(), ["Redelivery"] = new JsonArray("00:00:01") },
                    ["shipped"] = new JsonObject { ["Ordered"] = true, ["PartitionKey"] = "key", ["Retry"] = new JsonObject { ["Count"] = 0 } },
                    ["billed"] = new JsonObject { ["KillSwitch"] = new JsonObject { ["ActivationThreshold"] = 100 }, ["OnUnroutable"] = "fail" },
                },
            };
        }

        return new JsonObject
        {
            ["Ductape"] = new JsonObject
            {
                ["Product"] = "shop",
                ["Env"] = "test",
                ["Products"] = new JsonObject
                {
                    ["shop"] = new JsonObject { ["Brokers"] = new JsonObject { ["calls"] = Broker("envelope"), ["bare"] = Broker("json") } },
                },
            },
        };
    }

    public async Task RunAsync(string broker)
    {
        var (created, shipped, billed) = ($"{broker}:created", $"{broker}:shipped", $"{broker}:billed");
        await RefusedAsync(() => Broker.PublishAsync(billed, "nobody"));
        var subscription = await Broker.SubscribeAsync(created, ReceiveAsync);
        await using var ordered = await Broker.SubscribeAsync(shipped, ReceiveAsync);
        await using var guarded = await Broker.SubscribeAsync(billed, ReceiveAsync);
        await ReceivesAsync(1, () => Broker.PublishAsync(created, "one", headers: new Dictionary<string, object?> { ["tenant"] = "acme" }));
        await ReceivesAsync(1, () => Broker.PublishAsync(created, new { id = 1 }));
        await ReceivesAsync(3, () => Broker.PublishManyAsync(created, ["one", "two", "three"]));
        await ReceivesAsync(2, () => Broker.PublishManyAsync(shipped, [new { key = "a" }, new { key = "b" }]));
        await ReceivesAsync(1, () => Broker.PublishAsync(billed, "somebody"));
        await ReceivesAsync(1, () => Broker.PublishAsync(created, "redelivered"));
        await FailsAsync(created);
        await ReceivesAsync(1, () => DeadLetters.ReplayAsync(created));
        await FailsAsync(shipped);
        await DeadLetters.DiscardAsync(created, DeadLetterSelection.All);
        await FailsAsync(created, "ignored");
        await DeadLetters.DiscardAsync(created, DeadLetterSelection.All);
        await subscription.PauseAsync();
        await ReceivesAsync(1, async () =>
        {
            await Broker.PublishAsync(created, "paused");
            await subscription.ResumeAsync();
        });
        await using (await Broker.SubscribeAsync(created, ReceiveAsync, ephemeral: true))
            await ReceivesAsync(2, () => Broker.PublishAsync(created, "both"));
        await app.ReloadedAsync(x => x["Products"]!["shop"]!["Brokers"]![broker]!["Topics"]!["created"]!["Prefetch"] = 7);
        await ReceivesAsync(1, () => Broker.PublishAsync(created, "reloaded"));
        await subscription.StopAsync();
        subscription = await Broker.SubscribeAsync(created, ReceiveAsync);
        await ReceivesAsync(1, () => Broker.PublishAsync(created, "again"));
    }

    private async Task ReceiveAsync(ReceivedMessage message)
    {
        switch (Word(message))
        {
            case "dead" when message.Replays == 0:
                throw new InvalidOperationException("Not before a replay.");
            case "ignored":
                throw new NotSupportedException("Never.");
            case "redelivered" when message.Redeliveries == 0:
                throw new InvalidOperationException("Not before a redelivery.");
            case null:
                await ContextUse.UseAsync(message.ConsumeContext);
                break;
        }

        await _inbox.ReceiveAsync(message);
    }

    private static string? Word(ReceivedMessage message) => message.Json.ValueKind == JsonValueKind.String ? message.Json.GetString() : null;

    private async Task ReceivesAsync(int count, Func<Task> act)
    {
        var before = _inbox.Count;
        await act();
        await _inbox.HasAsync(before + count);
    }

    private async Task FailsAsync(string topic, string word = "dead")
    {
        await Broker.PublishAsync(topic, word);
        await Eventually.TrueAsync(async () => await DeadLetters.CountAsync(topic) == 1);
        await DeadLetters.PeekAsync(topic);
    }

    private static async Task RefusedAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (DuctapeException)
        {
            return;
        }

        throw new InvalidOperationException("It is not refused.");
    }
}
