namespace Ductape.MassTransit;

/// <summary>
/// How often and when a callback that threw is called again, in the consuming process. After the last retry comes the
/// topic's <see cref="TopicOptions.Redelivery"/>, where it has one, and then the message goes to the queue's
/// <c>_error</c> queue, whole.
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

    /// <summary>
    /// Whether each wait is drawn at random between half of it and the whole ("equal jitter"), so that messages that
    /// failed together are not tried again together. <value>Default: false.</value>
    /// </summary>
    public bool Jitter { get; set; }

    /// <summary>
    /// The exceptions that another attempt would not cure, by the name of their type or of a type that it derives from,
    /// in full (<c>System.ArgumentException</c>) or without namespace (<c>ArgumentException</c>): the message goes to
    /// <c>_error</c> at once, without retries and without <see cref="TopicOptions.Redelivery"/>. Default: none.
    /// </summary>
    public List<string> Ignore { get; set; } = [];

    /// <summary>
    /// The only exceptions that are worth another attempt, named as in <see cref="Ignore"/>, which wins; everything
    /// else is treated as if it were ignored. Default: empty, every exception is.
    /// </summary>
    public List<string> Handle { get; set; } = [];
}
