namespace Ductape.MassTransit.Connections;

/// <summary>
/// Keeps one connection to a broker: tries until it is there, notices its loss, and tries again with growing waits.
/// Connections that end right after they began, one after the other, are failed attempts like any others: the next one
/// counts once it has held for a moment.
/// </summary>
internal sealed class ConnectionLoop(TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // After this long a loss is a new one, which is healed at once.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    // How long a connection has to hold where two before it did not.
    private static readonly TimeSpan Probation = TimeSpan.FromSeconds(1);

    /// <param name="connect">Tries once. Its result completes with the reason when the connection is lost.</param>
    /// <param name="connected">The connection is there.</param>
    /// <param name="disconnected">It is lost, or an attempt failed.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task RunAsync(Func<Task<Task<string>>> connect, Action connected, Action<Exception> disconnected, CancellationToken stopping)
    {
        var delay = FirstDelay;
        var early = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var lost = await connect().ConfigureAwait(false);
                var began = time.GetTimestamp();
                if (early > 1)
                    await Task.WhenAny(lost, Task.Delay(Probation, time, stopping)).ConfigureAwait(false);
                if (!lost.IsCompleted)
                    connected();
                var reason = await lost.WaitAsync(stopping).ConfigureAwait(false);
                disconnected(new IOException(reason));
                early = time.GetElapsedTime(began) < Settled ? early + 1 : 0;
                // Once is chance.
                if (early < 2)
                {
                    delay = FirstDelay;
                    continue;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                disconnected(exception);
            }

            await Task.Delay(delay, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }
}
