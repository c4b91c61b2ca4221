using System.Text;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.CallWorker;

/// <summary>Brokers on a RabbitMQ server.</summary>
internal static class RabbitMqFlow
{
    private const string Envelope = "application/vnd.masstransit+json";

    public static async Task RunAsync(string url, string broker)
    {
        await using var app = Start(url);
        await new Flow(app).RunAsync(broker);
    }

    public static async Task RunBusAsync(string url)
    {
        await using var app = Start(url);
        await BusFlow.RunAsync(app, BrokerTypes.RabbitMq, x => ((RabbitMqSettings)x).Url = url);
    }

    /// <summary>Peers send what is none of the topic's messages, and what is no message.</summary>
    public static async Task ReceiveForeignAsync(string url)
    {
        await using var app = Start(url);
        await using var subscription = await app.Broker.SubscribeAsync("calls:shipped", _ => Task.CompletedTask, subscription: "foreign");
        await using var connection = await new ConnectionFactory { Uri = new Uri(url) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var (body, queue) in new[] { ("no envelope", "error"), ("""{"messageType":["urn:message:Other"],"message":{}}""", "skipped") })
        {
            var properties = new BasicProperties { ContentType = Envelope };
            await channel.BasicPublishAsync("", subscription.Queue, mandatory: true, properties, Encoding.UTF8.GetBytes(body));
            await Eventually.TrueAsync(() => HasOneAsync(connection, $"{subscription.Queue}_{queue}"));
        }
    }

    private static ReloadApp Start(string url) => new(
        Flow.Configuration(new JsonObject { ["Type"] = BrokerTypes.RabbitMq, ["Config"] = new JsonObject { ["Url"] = url } }), x => x.AddRabbitMq());

    // A queue that is not there yet closes the channel.
    private static async Task<bool> HasOneAsync(IConnection connection, string queue)
    {
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return await channel.MessageCountAsync(queue) == 1;
        }
        catch (OperationInterruptedException)
        {
            return false;
        }
    }
}
