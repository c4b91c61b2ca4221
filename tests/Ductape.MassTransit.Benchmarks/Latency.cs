using System.Diagnostics;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>From the call of publish to the call of the callback, one order at a time.</summary>
internal static class Latency
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <returns>Microseconds.</returns>
    public static async Task<double[]> RunAsync(IContender contender, int samples)
    {
        var latencies = new double[samples];
        for (var i = 0; i < samples; i++)
        {
            var received = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            contender.Received = order =>
            {
                if (order.Number != i || !received.TrySetResult(Stopwatch.GetTimestamp()))
                    received.TrySetException(new InvalidOperationException($"Order {order.Number} arrived while {i} was under way."));
            };
            var order = Order.Numbered(i);
            var sent = Stopwatch.GetTimestamp();
            await contender.PublishAsync(order);
            latencies[i] = Stopwatch.GetElapsedTime(sent, await received.Task.WaitAsync(Deadline)).TotalMicroseconds;
        }

        return latencies;
    }
}
