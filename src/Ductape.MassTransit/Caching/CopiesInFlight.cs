namespace Ductape.MassTransit.Caching;

/// <summary>
/// The messages whose callbacks run in this process, by their keys: a copy waits until the first one is through.
/// Thread-safe.
/// </summary>
internal sealed class CopiesInFlight
{
    private readonly Lock _lock = new();

    // What copies wait for, made by the first of them.
    private readonly Dictionary<string, TaskCompletionSource?> _running = new(StringComparer.Ordinal);

    /// <summary>Begins a message, which <see cref="End"/> has to follow; or says what to wait for.</summary>
    /// <returns>Null when it has begun; else what ends with the copy that runs. Then try again.</returns>
    public Task? Begin(string key)
    {
        lock (_lock)
        {
            if (_running.TryAdd(key, null))
                return null;

            return (_running[key] ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Lets a copy try.</summary>
    public void End(string key)
    {
        TaskCompletionSource? waiting;
        lock (_lock)
            _running.Remove(key, out waiting);
        waiting?.SetResult();
    }
}
