using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// Waits for a new connection until it works and takes over. When that takes long the log and the health check tell
/// why.
/// </summary>
internal sealed class ReplacementWait(TimeProvider time, ILogger logger)
{
    // How long a new connection may take before the log and the health check say that it is not in use.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    /// <param name="replacement">The new connection.</param>
    /// <param name="takeOver">Has it take over; its result is why it does not, or null.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task RunAsync(Replacement replacement, Func<Replacement, CancellationToken, Task<Exception?>> takeOver, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var delay = FirstDelay;
        while (true)
        {
            try
            {
                await replacement.Connection.GetBusAsync(cancellationToken).AsTask().WaitAsync(FirstDelay, time, cancellationToken).ConfigureAwait(false);
                if (await takeOver(replacement, cancellationToken).ConfigureAwait(false) is not { } refusal)
                    return;

                Tell(replacement, "does not take over a subscription", refusal);
                // A refusal seldom goes away by itself.
                delay = delay * 2 < Patience ? delay * 2 : Patience;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (time.GetElapsedTime(began) >= Patience)
                    Tell(replacement, "is not connected", replacement.Connection.State.Error ?? exception);
            }

            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Tell(Replacement replacement, string what, Exception problem)
    {
        problem = replacement.Connection.Mask.Hide(problem);
        var reason = $"{replacement.Connection.Description} {what}: {problem.GetBaseException().Message}";
        if (reason != replacement.Problem)
            logger.ReplacementWaits(replacement.Place, reason, problem);
        replacement.Problem = reason;
    }
}
