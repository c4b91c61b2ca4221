using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Messaging.ServiceBus;
using Ductape.MassTransit.AzureServiceBus.Tests;
using Ductape.MassTransit.Conformance;

[assembly: AssemblyFixture(typeof(AzureServiceBusFixture))]

namespace Ductape.MassTransit.AzureServiceBus.Tests;

/// <summary>
/// The namespace or emulator whose connection string is $AZURE_SERVICE_BUS, and a client that knows nothing of this
/// library.
/// </summary>
public sealed class AzureServiceBusFixture : IAsyncLifetime
{
    private ServiceBusClient? _client;

    public string ConnectionString => Environment.GetEnvironmentVariable("AZURE_SERVICE_BUS")
        ?? throw new InvalidOperationException("$AZURE_SERVICE_BUS is not set: the connection string of the emulator or of a namespace with the right to manage.");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The configuration of a broker environment on the namespace.</summary>
    public JsonObject Env() => new() { ["Type"] = "AZURE_SERVICE_BUS", ["Config"] = new JsonObject { ["ConnectionString"] = ConnectionString } };

    /// <summary>The same with queues that have sessions.</summary>
    public JsonObject SessionEnv()
    {
        var env = Env();
        env["Config"]!["Sessions"] = true;
        return env;
    }

    /// <summary>
    /// Takes the payloads out of the errors' queue of the product shop, as soon as there are that many.
    /// </summary>
    public async Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, string @event, int count)
    {
        var queue = $"{app.Catalog.FetchRoute(@event).Queue}_error";
        var taken = new List<string>();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await using var receiver = (_client ??= new ServiceBusClient(ConnectionString)).CreateReceiver(
                    queue, new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });
                foreach (var message in await receiver.ReceiveMessagesAsync(count, TimeSpan.FromSeconds(1)))
                    taken.Add(JsonDocument.Parse(message.Body).RootElement.GetProperty("message").GetRawText());
            }
            catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
            {
            }

            return taken.Count >= count;
        }, TimeSpan.FromSeconds(60), $"{count} messages in {queue}");
        return taken;
    }
}
