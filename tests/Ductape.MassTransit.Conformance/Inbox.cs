using System.Collections.Concurrent;
using System.Text;

namespace Ductape.MassTransit.Conformance;

/// <summary>A callback that keeps what it received.</summary>
public sealed class Inbox
{
    private readonly ConcurrentQueue<Letter> _letters = new();

    public IReadOnlyList<Letter> Letters => [.. _letters];

    public IReadOnlyList<string> Bodies => [.. _letters.Select(x => x.Body)];

    public int Count => _letters.Count;

    public Task ReceiveAsync(ReceivedMessage message)
    {
        _letters.Enqueue(new Letter(
            Encoding.UTF8.GetString(message.Body.Span),
            message.MessageId,
            message.ProcessId,
            message.SentAt,
            message.Attempt,
            message.Event,
            message.Env,
            message.ProductTag,
            new Dictionary<string, object?>(message.Headers),
            message.Session,
            message.Redeliveries,
            message.Replays));
        return Task.CompletedTask;
    }

    /// <summary>Waits until exactly that many have arrived; the caller asserts that no more come.</summary>
    public Task HasAsync(int count, TimeSpan? within = null) => Eventually.TrueAsync(() => Count >= count, within, $"{count} messages");

    public sealed record Letter(
        string Body,
        string? MessageId,
        Guid? ProcessId,
        DateTimeOffset? SentAt,
        int Attempt,
        string Event,
        string Env,
        string ProductTag,
        IReadOnlyDictionary<string, object?> Headers,
        ReceivedSession? Session,
        int Redeliveries,
        int Replays);
}
