using MassTransit.Middleware;

namespace Ductape.MassTransit;

/// <summary>Counts the publishes that wait for their confirmation, and makes a bus that stops wait for them before it closes their channel.</summary>
internal sealed class RabbitMqPublishes : Agent
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One more than there are, until the stop takes it away.
    private int _count = 1;

    public RabbitMqPublishes() => SetReady();

    public void Enter() => Interlocked.Increment(ref _count);

    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            _drained.TrySetResult();
    }

    protected override Task StopAgent(StopContext context)
    {
        Exit();
        SetCompleted(DrainAsync(context.CancellationToken));
        return Completed;
    }

    private async Task DrainAsync(CancellationToken cancellationToken) =>
        await _drained.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
