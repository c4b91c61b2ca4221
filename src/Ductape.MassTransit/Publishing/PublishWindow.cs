namespace Ductape.MassTransit;

/// <summary>Publishes that are under way, the oldest first, at most so many at once; gathers how they end. Not for several threads.</summary>
internal sealed class PublishWindow(int size)
{
    private readonly Queue<Task<PublishResult>> _underWay = new(size);
    private readonly List<PublishResult?> _results = [];
    private readonly List<PublishFailure> _failures = [];

    /// <summary>Whether the oldest has to end, and be settled, before another one is added.</summary>
    public bool IsFull => _underWay.Count == size;

    /// <summary>Completes when the oldest has ended.</summary>
    public Task Oldest => _underWay.Peek();

    /// <summary>Adds a publish.</summary>
    public void Add(Task<PublishResult> publish) => _underWay.Enqueue(publish);

    /// <summary>Takes down how the oldest has ended.</summary>
    /// <exception cref="Exception">It ended with something else than a <see cref="DuctapeException"/>.</exception>
    public void SettleOldest()
    {
        try
        {
            _results.Add(_underWay.Peek().GetAwaiter().GetResult());
        }
        catch (DuctapeException exception)
        {
            _failures.Add(new PublishFailure(_results.Count, exception));
            _results.Add(null);
        }

        _ = _underWay.Dequeue();
    }

    /// <summary>The results in order, once every publish has ended.</summary>
    /// <exception cref="PublishManyException">Some have failed.</exception>
    public async Task<IReadOnlyList<PublishResult>> CompleteAsync()
    {
        while (_underWay.Count > 0)
        {
            await Oldest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            SettleOldest();
        }

        return _failures.Count == 0 ? [.. _results.Select(x => x!)] : throw new PublishManyException(_results, _failures);
    }

    /// <summary>Waits for what is under way, however it ends: nobody else looks at it any more.</summary>
    public async Task AbandonAsync() => await ((Task)Task.WhenAll(_underWay)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
