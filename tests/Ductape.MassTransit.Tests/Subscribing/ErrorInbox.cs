using System.Collections.Concurrent;
using System.Text;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.Tests.Subscribing;

/// <summary>Keeps what MassTransit moved to the error queue, which says so in the headers of the transport.</summary>
public sealed class ErrorInbox
{
    private readonly ConcurrentQueue<MovedMessage> _moved = [];

    public IReadOnlyCollection<MovedMessage> Moved => _moved;

    public Task ReceiveAsync(ReceivedMessage message)
    {
        var headers = message.ConsumeContext.ReceiveContext.TransportHeaders;
        if (headers.TryGetHeader("MT-Reason", out var reason))
        {
            _moved.Enqueue(new MovedMessage(Encoding.UTF8.GetString(message.Body.Span), message.MessageId, message.ProcessId,
                message.Headers.GetValueOrDefault("trace-id") as string, reason as string, headers.Get<string>("MT-Fault-Message")));
        }

        return Task.CompletedTask;
    }

    public Task HasMovedAsync(int count) => Eventually.TrueAsync(() => _moved.Count >= count);
}

public sealed record MovedMessage(string Body, string? MessageId, Guid? ProcessId, string? TraceId, string? Reason, string? Fault);
