namespace Ductape.MassTransit.Benchmarks;

/// <summary>Counts what arrives, and says loudly when it is not every number of the run exactly once.</summary>
internal sealed class Arrivals(int first, int count)
{
    private readonly int[] _seen = new int[count];
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _distinct;
    private int _duplicates;
    private int _strays;

    public void Record(Order order)
    {
        var index = order.Number - first;
        if (index < 0 || index >= count)
            Interlocked.Increment(ref _strays);
        else if (Interlocked.Increment(ref _seen[index]) > 1)
            Interlocked.Increment(ref _duplicates);
        else if (Interlocked.Increment(ref _distinct) == count)
            _all.TrySetResult();
    }

    public async Task WaitAsync(TimeSpan timeout)
    {
        try
        {
            await _all.Task.WaitAsync(timeout);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"Only {Volatile.Read(ref _distinct)} of {count} orders arrived within {timeout}.");
        }
    }

    /// <summary>Call it once more when the queues have been quiet for a while: a duplicate may come late.</summary>
    public void Verify()
    {
        if (_distinct != count || _duplicates > 0 || _strays > 0)
        {
            throw new InvalidOperationException(
                $"Of {count} orders {_distinct} arrived, {_duplicates} of them again, and {_strays} of another run.");
        }
    }
}
