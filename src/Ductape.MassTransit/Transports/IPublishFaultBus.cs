using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus that knows why a publish failed from the exception. Without this every failure is
/// <see cref="PublishFault.Unknown"/>. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IPublishFaultBus
{
    /// <summary>What the exception of a publish, or of declaring its topic, means.</summary>
    PublishFault FindPublishFault(Exception exception);
}
