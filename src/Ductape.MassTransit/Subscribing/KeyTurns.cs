namespace Ductape.MassTransit.Subscribing;

/// <summary>Who comes after whom, for each key. Thread-safe.</summary>
internal sealed class KeyTurns
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeyTurn> _last = new(StringComparer.Ordinal);

    /// <summary>A place behind everybody who has taken one for this key.</summary>
    public KeyTurn Take(string key)
    {
        lock (_lock)
            return _last[key] = new KeyTurn(this, key, _last.TryGetValue(key, out var before) ? before.Ended : Task.CompletedTask);
    }

    public void Forget(string key, KeyTurn turn)
    {
        lock (_lock)
        {
            if (_last.TryGetValue(key, out var last) && last == turn)
                _last.Remove(key);
        }
    }
}

/// <summary>One place.</summary>
/// <param name="turns">Where it was taken.</param>
/// <param name="key">For which key.</param>
/// <param name="comes">Completes when it is its turn.</param>
internal sealed class KeyTurn(KeyTurns turns, string key, Task comes)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Comes => comes;

    public Task Ended => _ended.Task;

    /// <summary>Lets the next one go, or, of a place that is given up, when it would have been its turn.</summary>
    public void End()
    {
        if (comes.IsCompleted)
            Pass();
        else
            _ = comes.ContinueWith(static (_, x) => ((KeyTurn)x!).Pass(), this, TaskContinuationOptions.ExecuteSynchronously);
    }

    private void Pass()
    {
        turns.Forget(key, this);
        _ended.TrySetResult();
    }
}
