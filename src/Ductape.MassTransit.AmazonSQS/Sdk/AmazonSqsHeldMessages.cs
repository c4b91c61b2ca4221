using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Ductape.MassTransit;

/// <summary>
/// Messages that are looked at: hidden from others while that goes on, and back in the queue when it is over. When the
/// process dies meanwhile, they come back by themselves after <see cref="Hidden"/>.
/// </summary>
internal sealed class AmazonSqsHeldMessages(IAmazonSQS client, string url) : IAsyncDisposable
{
    /// <summary>For how long they are hidden at a time.</summary>
    public static readonly TimeSpan Hidden = TimeSpan.FromMinutes(2);

    private const int MostInBatch = 10;

    // Those that wait for somebody who has given up are back a little later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ended = new();
    private readonly LinkedList<string> _handles = [];
    private readonly Lock _lock = new();
    private Task _renewing = Task.CompletedTask;

    /// <summary>Holds a message until <see cref="Release"/> or the end.</summary>
    public LinkedListNode<string> Hold(Message message)
    {
        lock (_lock)
        {
            if (_handles.Count == 0 && _renewing.IsCompleted)
                _renewing = RenewAsync();
            return _handles.AddLast(message.ReceiptHandle);
        }
    }

    /// <summary>It has left the queue.</summary>
    public void Release(LinkedListNode<string> held)
    {
        lock (_lock)
            _handles.Remove(held);
    }

    /// <summary>Gives back what is still held.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await HideAsync(TimeSpan.Zero, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException)
        {
            // They come back by themselves.
        }

        _ended.Dispose();
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Hidden / 2);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
                await HideAsync(Hidden, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException)
        {
            // Whoever looks at one next finds out that it is no longer held.
        }
    }

    private async Task HideAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        string[] handles;
        lock (_lock)
            handles = [.. _handles];
        foreach (var batch in handles.Chunk(MostInBatch))
        {
            var entries = batch.Select((x, i) => new ChangeMessageVisibilityBatchRequestEntry($"{i}", x) { VisibilityTimeout = (int)time.TotalSeconds });
            await client.ChangeMessageVisibilityBatchAsync(new ChangeMessageVisibilityBatchRequest(url, [.. entries]), cancellationToken).ConfigureAwait(false);
        }
    }
}
