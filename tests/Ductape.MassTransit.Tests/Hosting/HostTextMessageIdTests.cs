using System.Collections.Concurrent;
using System.Net.Mime;
using System.Text;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Diagnostics;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Tests.Hosting;

/// <summary>
/// A message id that is no GUID, on the application's own bus: what MassTransit sends again has none, so it travels in
/// a header.
/// </summary>
public class HostTextMessageIdTests
{
    private const string Id = "order-17/paid";

    [Fact]
    public async Task It_is_the_id_in_every_attempt_and_finds_a_copy()
    {
        var logs = new CapturedLogs();
        using var host = TestHost.Build(
            OrdersConfiguration.With((OrdersConfiguration.Dev, """{ "Type": "HOST" }"""), (OrdersConfiguration.Topic, """
                {
                  "Retry": { "Count": 1, "InitialDelay": "00:00:00.001" }, "Redelivery": [ "00:00:01", "00:00:01" ], "Deduplicate": "00:10:00"
                }
                """)),
            x => x.Services.AddLogging(logging => logging.AddProvider(logs)).AddMassTransit(bus => bus.UsingInMemory()));
        await host.StartAsync().WaitAsync(PublishAndReceive.Deadline);
        var calls = new ConcurrentQueue<(string? Id, int Attempt, int Redeliveries)>();
        var subscription = await host.Services.Broker().SubscribeAsync(OrdersConfiguration.Event, message =>
        {
            calls.Enqueue((message.MessageId, message.Attempt, message.Redeliveries));
            return message.Attempt < 6 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
        });
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{subscription.Queue}"));

        await SendAsync(endpoint);
        await Eventually.TrueAsync(() => calls.Count >= 6);
        Assert.Equal([(Id, 1, 0), (Id, 2, 0), (Id, 3, 1), (Id, 4, 1), (Id, 5, 2), (Id, 6, 2)], calls);
        await Eventually.TrueAsync(() => Handled(host) == 1);

        await SendAsync(endpoint);
        await Eventually.TrueAsync(() => logs.Lines.Any(x => x.Contains(Id, StringComparison.Ordinal) && x.Contains("dropped", StringComparison.Ordinal)));
        Assert.Equal(6, calls.Count);
        await host.StopAsync();
    }

    private static long Handled(IHost host) => Assert.Single(host.Services.GetRequiredService<ISubscriptions>().List()).Handled;

    // As a peer writes it that does not use MassTransit.
    private static Task SendAsync(ISendEndpoint endpoint)
    {
        var envelope = new JsonObject
        {
            ["messageId"] = Id,
            ["messageType"] = new JsonArray($"urn:message:ductape:{OrdersConfiguration.Event}"),
            ["message"] = new JsonObject { ["a"] = 1 },
        };
        return endpoint.Send(new Raw(), context => context.Serializer = new RawBytes(Encoding.UTF8.GetBytes(envelope.ToJsonString())));
    }

    public sealed record Raw;

    private sealed class RawBytes(byte[] bytes) : IMessageSerializer
    {
        public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class => new BytesMessageBody(bytes);
    }
}
