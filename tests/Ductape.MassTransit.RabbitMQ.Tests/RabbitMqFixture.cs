using System.Text.Json;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.RabbitMQ.Tests;
using RabbitMQ.Client;

[assembly: AssemblyFixture(typeof(RabbitMqFixture))]

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>The node that the tests share which do not harm it.</summary>
public sealed class RabbitMqFixture : IAsyncLifetime
{
    public RabbitMqNode Node { get; } = new();

    public async ValueTask InitializeAsync() => await Node.StartAsync();

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    /// <summary>The configuration of a broker environment on this node.</summary>
    public JsonObject Env() => new() { ["Type"] = "RABBITMQ", ["Config"] = new JsonObject { ["Url"] = Node.Url } };

    /// <summary>
    /// Takes the payloads out of the errors' queue of the product shop, as soon as there are that many.
    /// </summary>
    public async Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, string @event, int count)
    {
        var messages = await TakeAsync($"{app.Catalog.FetchRoute(@event).Queue}_error", count);
        return [.. messages.Select(x => PayloadOf(x.Body))];
    }

    /// <summary>Takes messages out of a queue with a client that knows nothing of this library.</summary>
    public async Task<IReadOnlyList<BasicGetResult>> TakeAsync(string queue, int count)
    {
        await using var connection = await Node.ConnectAsync();
        var taken = new List<BasicGetResult>();
        await Eventually.TrueAsync(async () =>
        {
            // A queue that is not there yet closes the channel.
            await using var channel = await connection.CreateChannelAsync();
            try
            {
                if (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
                    taken.Add(new BasicGetResult(message.DeliveryTag, message.Redelivered, message.Exchange, message.RoutingKey,
                        message.MessageCount, message.BasicProperties, message.Body.ToArray()));
            }
            catch (global::RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
            }

            return taken.Count >= count;
        }, TimeSpan.FromSeconds(20), $"{count} messages in {queue}");
        return taken;
    }

    // MassTransit's envelope holds the payload as it was written.
    private static string PayloadOf(ReadOnlyMemory<byte> envelope) =>
        JsonDocument.Parse(envelope).RootElement.GetProperty("message").GetRawText();
}
