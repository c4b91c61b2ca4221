using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Ductape.MassTransit;

/// <summary>
/// The senders for copies of messages, one for each queue, over a connection of their own that opens on first use.
/// </summary>
internal sealed class AzureServiceBusSenders(Func<ServiceBusClient> connect) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);
    private readonly Lazy<ServiceBusClient> _client = new(connect);

    public ServiceBusClient Client => _client.Value;

    /// <summary>Sends a message straight to a queue; complete when Service Bus has it.</summary>
    public Task SendAsync(string queue, ServiceBusMessage message, CancellationToken cancellationToken) =>
        _senders.GetOrAdd(queue, static (x, client) => client.CreateSender(x), Client).SendMessageAsync(message, cancellationToken);

    public ValueTask DisposeAsync() => _client.IsValueCreated ? _client.Value.DisposeAsync() : ValueTask.CompletedTask;
}
