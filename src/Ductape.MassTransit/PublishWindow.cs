namespace Ductape.MassTransit;

/// <summary>
/// Publishes that are under way, the oldest first, at most so many at once; gathers how they end. Not for several
/// threads.
/// </summary>
internal sealed class PublishWindow(int size)
{
    private readonly Queue<Task<PublishResult>> _underWay = new(size);
    private readonly List<PublishResult?> _results = [];
    private readonly List<PublishFailure> _failures = [];

    /// <summary>Adds a publish; completes once there is room for the next.</summary>
    public ValueTask AddAsync(Task<PublishResult> publish)
    {
        _underWay.Enqueue(publish);
        return _underWay.Count == size ? SettleOldestAsync() : default;
    }

    /// <summary>The results in order, once every publish has ended.</summary>
    /// <exception cref="PublishManyException">Some have failed.</exception>
    public async Task<IReadOnlyList<PublishResult>> CompleteAsync()
    {
        while (_underWay.Count > 0)
            await SettleOldestAsync().ConfigureAwait(false);
        return _failures.Count == 0 ? [.. _results.Select(x => x!)] : throw new PublishManyException(_results, _failures);
    }

    /// <summary>Waits for what is under way, however it ends: nobody else looks at it any more.</summary>
    public async Task AbandonAsync() => await ((Task)Task.WhenAll(_underWay)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async ValueTask SettleOldestAsync()
    {
        try
        {
            _results.Add(await _underWay.Peek().ConfigureAwait(false));
        }
        catch (DuctapeException exception)
        {
            _failures.Add(new PublishFailure(_results.Count, exception));
            _results.Add(null);
        }

        _ = _underWay.Dequeue();
    }
}
