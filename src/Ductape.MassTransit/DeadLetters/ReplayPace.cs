namespace Ductape.MassTransit.DeadLetters;

/// <summary>Holds a replay to so many messages per second, evenly spaced.</summary>
internal sealed class ReplayPace(double rate, TimeProvider time)
{
    public const double Slowest = 0.001;
    public const double Fastest = 1_000_000;

    private readonly long _began = time.GetTimestamp();
    private long _count;

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        // From the beginning on, so that the time of the sending itself does not add up.
        var due = TimeSpan.FromSeconds(_count++ / rate);
        var wait = due - time.GetElapsedTime(_began);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }
}
