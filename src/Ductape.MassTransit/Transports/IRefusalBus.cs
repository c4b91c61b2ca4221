using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus that tells a broker that refuses for good from one that is out of reach. Without this every failure of an
/// endpoint is one that passes, and a subscription waits. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IRefusalBus
{
    /// <summary>
    /// Whether an exception means that the broker refuses for good, so that trying again cannot help.
    /// </summary>
    bool IsRefusal(Exception exception);

    /// <summary>
    /// What to do about a refusal, as a sentence, where the broker's own text does not say; also for topics and queues
    /// that are not there. <value>Default: null.</value>
    /// </summary>
    string? RemedyFor(Exception exception) => null;
}
