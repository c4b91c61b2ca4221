using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Ductape.MassTransit;

/// <summary>
/// Messages that SQS has given out and MassTransit has not begun with. A receiver that stops drops them, and they would
/// stay hidden, in a FIFO queue with their whole group, until their visibility timeout.
/// </summary>
internal sealed class AmazonSqsHandedOut
{
    private readonly ConcurrentDictionary<Message, string> _queues = new(ReferenceEqualityComparer.Instance);

    public void Add(string queueUrl, List<Message>? messages)
    {
        foreach (var message in messages ?? [])
            _queues[message] = queueUrl;
    }

    /// <summary>It is handled now, and deleted or given back after that.</summary>
    public void Begin(Message message) => _queues.TryRemove(message, out _);

    /// <summary>Gives back what a receiver that has stopped did not begin with.</summary>
    public async Task GiveBackAsync(IAmazonSQS client, string queue)
    {
        var left = _queues.Where(x => x.Value.EndsWith($"/{queue}", StringComparison.Ordinal) && _queues.TryRemove(x)).ToArray();
        try
        {
            foreach (var (message, url) in left)
                await client.ChangeMessageVisibilityAsync(url, message.ReceiptHandle, 0).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or ObjectDisposedException
            or HttpRequestException or OperationCanceledException)
        {
            // They come back by themselves, later.
        }
    }

    /// <summary>Watches a receive endpoint for its end.</summary>
    public IReceiveEndpointObserver Observe(Func<IAmazonSQS> client, string queue) => new Observer(() => GiveBackAsync(client(), queue));

    private sealed class Observer(Func<Task> ended) : IReceiveEndpointObserver
    {
        public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

        public Task Completed(ReceiveEndpointCompleted completed) => ended();

        public Task Faulted(ReceiveEndpointFaulted faulted) => ended();
    }
}
