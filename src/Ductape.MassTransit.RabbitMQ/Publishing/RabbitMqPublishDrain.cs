using Ductape.MassTransit.Transports;
using MassTransit.Middleware;

namespace Ductape.MassTransit.RabbitMQ.Publishing;

/// <summary>Makes a bus that stops wait for the publishes on a channel before it closes it.</summary>
internal sealed class RabbitMqPublishDrain : Agent
{
    private readonly Func<CallsInFlight?> _calls;

    /// <param name="calls">What waits on the channel in use, or null while there is none.</param>
    public RabbitMqPublishDrain(Func<CallsInFlight?> calls)
    {
        _calls = calls;
        SetReady();
    }

    protected override Task StopAgent(StopContext context)
    {
        SetCompleted(DrainAsync(context.CancellationToken));
        return Completed;
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_calls() is { } calls)
            await calls.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
