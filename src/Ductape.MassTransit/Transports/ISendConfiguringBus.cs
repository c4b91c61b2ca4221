using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus that sets on a message what only its broker has, such as a message group or a session. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface ISendConfiguringBus
{
    /// <summary>Configures a message that is about to be sent. Called for each, after everything else is set.</summary>
    void ConfigureSend(SendContext context, TopicTopology topic, MessageKeys keys);
}
