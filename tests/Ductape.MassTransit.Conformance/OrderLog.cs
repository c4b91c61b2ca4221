using System.Collections.Concurrent;

namespace Ductape.MassTransit.Conformance;

/// <summary>
/// A callback for messages <c>{ "key", "number" }</c> that notes in which order it handled those of each key.
/// </summary>
public sealed class OrderLog
{
    private readonly ConcurrentDictionary<string, Key> _keys = new();
    private int _count;
    private int _running;
    private int _most;

    public int Count => Volatile.Read(ref _count);

    /// <summary>How many callbacks ran at once, at the most.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>The numbers of a key, in the order in which they were handled.</summary>
    public IReadOnlyList<int> Of(string key) => [.. _keys[key].Numbers];

    public IEnumerable<string> Keys => _keys.Keys;

    /// <summary>The keys of which two messages were handled at once.</summary>
    public IEnumerable<string> Overlaps => _keys.Where(x => x.Value.Overlapped).Select(x => x.Key);

    public async Task ReceiveAsync(ReceivedMessage message)
    {
        var now = Interlocked.Increment(ref _running);
        InterlockedMax(ref _most, now);
        var order = message.As<Order>();
        var key = _keys.GetOrAdd(order.Key, _ => new Key());
        if (Interlocked.Increment(ref key.Running) != 1)
            key.Overlapped = true;
        key.Numbers.Enqueue(order.Number);
        for (var i = Random.Shared.Next(8); i > 0; i--)
            await Task.Yield();
        Interlocked.Decrement(ref key.Running);
        Interlocked.Decrement(ref _running);
        Interlocked.Increment(ref _count);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        do
            seen = Volatile.Read(ref target);
        while (seen < value && Interlocked.CompareExchange(ref target, value, seen) != seen);
    }

    public sealed record Order(string Key, int Number);

    private sealed class Key
    {
        public readonly ConcurrentQueue<int> Numbers = new();
        public int Running;
        public volatile bool Overlapped;
    }
}
