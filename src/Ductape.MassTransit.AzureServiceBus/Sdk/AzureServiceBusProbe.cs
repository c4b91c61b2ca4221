using Azure.Messaging.ServiceBus;

namespace Ductape.MassTransit;

/// <summary>
/// Asks Service Bus something cheap now and then, over the connection that messages go over, and says when it does not
/// answer any more. Needs no right to manage.
/// </summary>
internal sealed class AzureServiceBusProbe(AzureServiceBusSettings settings)
{
    private const string Queue = "ductape-probe";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ServiceBusClient _client = AzureServiceBusClients.Client(settings);

    /// <summary>Whether Service Bus answers, to someone it knows.</summary>
    /// <exception cref="Exception">It does not.</exception>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        var sender = _client.CreateSender(Queue);
        await using (sender.ConfigureAwait(false))
        {
            try
            {
                // Opens the link, without sending anything.
                using var batch = await sender.CreateMessageBatchAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
            }
            catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
            {
                // That the queue is not there is an answer.
            }
            catch (UnauthorizedAccessException exception) when (exception.Message.Contains("claim", StringComparison.OrdinalIgnoreCase))
            {
                // So is that this identity may not send to it; one that is not known at all is told otherwise.
            }
        }
    }

    /// <summary>A task that completes with the reason when Service Bus stops answering.</summary>
    public Task<string> Watch()
    {
        var lost = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = WatchAsync(lost);
        return lost.Task;
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _client.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WatchAsync(TaskCompletionSource<string> lost)
    {
        using var timer = new PeriodicTimer(settings.ProbeInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
                await AskAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!_stopping.IsCancellationRequested)
                lost.TrySetResult($"Azure Service Bus does not answer: {exception.Message}");
        }
    }
}
