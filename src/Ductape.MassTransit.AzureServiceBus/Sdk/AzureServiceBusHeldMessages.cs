using Azure.Messaging.ServiceBus;

namespace Ductape.MassTransit;

/// <summary>
/// Messages that are looked at: locked while that goes on, and back in the queue, in their place, when it is over. When
/// the process dies meanwhile, they come back by themselves at the end of their lock.
/// </summary>
internal sealed class AzureServiceBusHeldMessages(ServiceBusReceiver receiver) : IAsyncDisposable
{
    // Half of the shortest lock that Service Bus has.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ended = new();
    private readonly Dictionary<string, ServiceBusReceivedMessage> _held = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Task _renewing = Task.CompletedTask;

    /// <summary>Holds a message until <see cref="Release"/> or the end.</summary>
    public void Hold(ServiceBusReceivedMessage message)
    {
        lock (_lock)
        {
            if (_held.Count == 0 && _renewing.IsCompleted)
                _renewing = RenewAsync(message.LockedUntil - TimeProvider.System.GetUtcNow());
            _held[message.LockToken] = message;
        }
    }

    /// <summary>It has left the queue.</summary>
    public void Release(ServiceBusReceivedMessage message)
    {
        lock (_lock)
            _held.Remove(message.LockToken);
    }

    /// <summary>Gives back what is still held.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            foreach (var message in Held())
                await receiver.AbandonMessageAsync(message, null, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ServiceBusException or OperationCanceledException)
        {
            // They come back by themselves.
        }

        _ended.Dispose();
    }

    private async Task RenewAsync(TimeSpan locked)
    {
        using var timer = new PeriodicTimer(locked / 2 > Shortest ? locked / 2 : Shortest);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
            {
                foreach (var message in Held())
                    await receiver.RenewMessageLockAsync(message, _ended.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is ServiceBusException or OperationCanceledException)
        {
            // Whoever completes one next finds out that it is no longer held.
        }
    }

    private ServiceBusReceivedMessage[] Held()
    {
        lock (_lock)
            return [.. _held.Values];
    }
}
