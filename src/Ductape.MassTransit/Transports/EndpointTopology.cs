using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>What a transport needs to know of a subscription to configure its receive endpoint.</summary>
[Experimental("DUCTAPE001")]
public sealed record EndpointTopology
{
    /// <summary>The topic that it reads.</summary>
    public required TopicTopology Topic { get; init; }

    /// <summary>The name of the queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Whether the queue goes away with its consumer.</summary>
    public required bool Ephemeral { get; init; }

    /// <summary>The delays after which a failed message may be delivered again. Default: none.</summary>
    public IReadOnlyList<TimeSpan> RedeliveryDelays { get; init; } = [];
}
