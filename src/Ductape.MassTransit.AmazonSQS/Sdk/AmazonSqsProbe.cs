using Amazon.Runtime;
using Amazon.SQS;

namespace Ductape.MassTransit;

/// <summary>Asks SQS something cheap now and then, and says when it does not answer any more.</summary>
internal sealed class AmazonSqsProbe(AmazonSqsSettings settings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly AmazonSQSClient _client = AmazonSqsClients.Probe(settings, Patience);
    private TaskCompletionSource<string> _lost = NewSignal();

    /// <summary>Whether SQS answers, to someone it knows.</summary>
    /// <exception cref="Exception">It does not.</exception>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.GetQueueUrlAsync(AmazonSqsReach.ProbeQueue, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonServiceException exception) when (AmazonSqsReach.IsReached(exception.ErrorCode, (int)exception.StatusCode))
        {
        }
    }

    /// <summary>
    /// A task that completes with the reason when SQS stops answering, or <see cref="Lost"/> is called.
    /// </summary>
    public Task<string> Watch()
    {
        var lost = NewSignal();
        Volatile.Write(ref _lost, lost);
        _ = WatchAsync(lost);
        return lost.Task;
    }

    public void Lost(string reason) => Volatile.Read(ref _lost).TrySetResult(reason);

    public void Stop()
    {
        _stopping.Cancel();
        _client.Dispose();
    }

    private async Task WatchAsync(TaskCompletionSource<string> lost)
    {
        using var timer = new PeriodicTimer(settings.ProbeInterval);
        try
        {
            while (!lost.Task.IsCompleted && await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
                await AskAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!_stopping.IsCancellationRequested)
                lost.TrySetResult($"Amazon SQS does not answer: {exception.Message}");
        }
    }

    private static TaskCompletionSource<string> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
