using System.Collections.Concurrent;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>
/// Numbered messages to some topics, one after the other in each of a few loops, and what became of them.
/// </summary>
internal sealed class ClusterLoad(IMessageBroker broker)
{
    // In a row and for each topic, so that no last confirmation of something that is going down counts.
    private const int Enough = 10;
    private const int Loops = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<string> _confirmed = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<long>> _begun = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task[] _loops = [];
    private int _next;
    private int _failures;

    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Begins, and waits until every topic is published to.</summary>
    public static async Task<ClusterLoad> StartAsync(IMessageBroker broker, IReadOnlyList<string> events)
    {
        var load = new ClusterLoad(broker);
        var began = TimeProvider.System.GetTimestamp();
        foreach (var @event in events)
            load._begun[@event] = new();
        load._loops = [.. events.SelectMany(x => Enumerable.Range(0, Loops).Select(_ => load.RunAsync(x)))];
        await load.ResumesAsync(began, Eventually.Deadline);
        return load;
    }

    /// <summary>Waits until every topic is published to again, by publishes that began after a moment.</summary>
    /// <returns>How long that took from then.</returns>
    public async Task<TimeSpan> ResumesAsync(long since, TimeSpan deadline)
    {
        await Eventually.TrueAsync(
            () => _begun.Values.All(x => x.Count(began => began > since) >= Enough), deadline, "every topic is published to again");
        return TimeProvider.System.GetElapsedTime(since);
    }

    /// <returns>The payloads that were confirmed.</returns>
    public async Task<IReadOnlyCollection<string>> StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        _stopping.Dispose();
        return _confirmed;
    }

    private async Task RunAsync(string @event)
    {
        while (!_stopping.IsCancellationRequested)
        {
            var payload = $"{Interlocked.Increment(ref _next)}";
            var began = TimeProvider.System.GetTimestamp();
            try
            {
                await broker.PublishAsync(@event, int.Parse(payload, System.Globalization.CultureInfo.InvariantCulture), cancellationToken: CancellationToken.None);
                _confirmed.Enqueue(payload);
                _begun[@event].Enqueue(began);
            }
            catch (DuctapeException exception) when (exception.Code == DuctapeErrorCodes.PublishFailed)
            {
                Interlocked.Increment(ref _failures);
            }

            await Task.Delay(Pause);
        }
    }
}
