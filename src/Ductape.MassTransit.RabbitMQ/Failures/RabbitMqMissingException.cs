namespace Ductape.MassTransit.RabbitMQ.Failures;

/// <summary>An exchange or a queue that is used as it exists, and is not there.</summary>
internal sealed class RabbitMqMissingException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether it is an ephemeral queue, which nobody can make beforehand.</summary>
    public bool IsEphemeral { get; init; }
}
