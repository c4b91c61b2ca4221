namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// Brings the deliveries of one stream back into the order of their numbers: MassTransit hands them to several readers
/// at once, which may overtake each other on their way here. Thread-safe.
/// </summary>
/// <param name="stallLimit">How long to wait for a number that does not come, because the client dropped it.</param>
/// <param name="time">The clock.</param>
internal sealed class DeliveryTurnstile(TimeSpan stallLimit, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, TaskCompletionSource> _waiting = [];
    private readonly HashSet<ulong> _passed = [];
    private ulong _next = 1;

    /// <summary>Completes when all before it have passed.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; or one before it does not come, and this one has to be
    /// delivered again to keep its place.</exception>
    public Task WaitAsync(ulong number, CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (number <= _next)
                return Task.CompletedTask;

            _waiting[number] = turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return WaitAsync(turn.Task, cancellationToken);
    }

    /// <summary>Has taken its place, or will not come.</summary>
    public void Pass(ulong number)
    {
        lock (_lock)
        {
            if (number < _next)
                return;

            if (number > _next)
            {
                _waiting.Remove(number);
                _passed.Add(number);
                return;
            }

            do
                _next++;
            while (_passed.Remove(_next));
            if (_waiting.Remove(_next, out var turn))
                turn.TrySetResult();
        }
    }

    private async Task WaitAsync(Task turn, CancellationToken cancellationToken)
    {
        try
        {
            await turn.WaitAsync(stallLimit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Skip();
            await turn.ConfigureAwait(false);
        }
    }

    // Past everybody who waits: who was too early comes again.
    private void Skip()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
                return;

            _next = _waiting.Keys.Last() + 1;
            foreach (var turn in _waiting.Values)
                turn.TrySetCanceled();
            _waiting.Clear();
            _passed.RemoveWhere(x => x < _next);
            while (_passed.Remove(_next))
                _next++;
        }
    }
}
