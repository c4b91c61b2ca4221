namespace Ductape.MassTransit;

/// <summary>
/// How often and when a callback that threw is called again, in the consuming process. After the last retry the message goes to the
/// queue's <c>_error</c> queue, whole.
/// </summary>
public sealed class RetryOptions
{
    /// <summary>How many times the callback is called again, 0 to 100. <value>Default: 3.</value></summary>
    public int Count { get; set; } = 3;

    /// <summary>The wait before the first retry. <value>Default: 200 milliseconds.</value></summary>
    public TimeSpan InitialDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How much longer each wait is than the one before, at least 1. <value>Default: 2.</value></summary>
    public double Multiplier { get; set; } = 2;

    /// <summary>The longest wait. <value>Default: 5 seconds.</value></summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(5);
}
