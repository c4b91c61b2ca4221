namespace Ductape.MassTransit;

/// <summary>
/// When a subscription stops taking messages because too many fail, and when it tries again; MassTransit's kill switch.
/// Failures are counted after the retries, one for each message. While it tries again, the first failure trips it anew,
/// and <see cref="ActivationThreshold"/> messages without one end the trial.
/// </summary>
public sealed class KillSwitchOptions
{
    /// <summary>
    /// How many messages must have been handled in a tracking period before it can trip, 1 to 1,000,000.
    /// <value>Default: 100.</value>
    /// </summary>
    public int ActivationThreshold { get; set; } = 100;

    /// <summary>The share of failures that trips it, more than 0 and at most 1. <value>Default: 0.1.</value></summary>
    public double TripThreshold { get; set; } = 0.1;

    /// <summary>
    /// How long successes and failures are counted before the count begins anew, at most a day. <value>Default: one
    /// minute.</value>
    /// </summary>
    public TimeSpan TrackingPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long nothing is taken from the queue after it has tripped, from one second to a day. <value>Default: one
    /// minute.</value>
    /// </summary>
    public TimeSpan RestartTimeout { get; set; } = TimeSpan.FromMinutes(1);
}
