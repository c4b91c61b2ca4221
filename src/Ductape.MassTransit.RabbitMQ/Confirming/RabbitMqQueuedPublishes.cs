using System.Diagnostics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.RabbitMQ.Confirming;

/// <summary>
/// What is to be published on a channel once the client has written what came before it. Not for several threads.
/// </summary>
/// <param name="calls">Where what is taken back is no longer counted.</param>
internal sealed class RabbitMqQueuedPublishes(CallsInFlight calls)
{
    private readonly Queue<RabbitMqPublish> _publishes = [];

    public bool Any => _publishes.Count > 0;

    public void Add(RabbitMqPublish publish)
    {
        publish.Activity = Activity.Current;
        _publishes.Enqueue(publish);
    }

    /// <summary>The next one that its publisher has not taken back; null where there is none.</summary>
    public RabbitMqPublish? TakeNext()
    {
        while (_publishes.TryDequeue(out var publish))
        {
            if (!publish.CancellationToken.IsCancellationRequested)
                return publish;

            publish.TrySetCanceled(publish.CancellationToken);
            calls.Exit();
        }

        return null;
    }

    public RabbitMqPublish[] TakeAll()
    {
        RabbitMqPublish[] all = [.. _publishes];
        _publishes.Clear();
        return all;
    }
}
