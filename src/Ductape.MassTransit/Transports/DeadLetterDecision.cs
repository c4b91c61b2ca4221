using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>What is to be done with a dead letter.</summary>
/// <param name="Action">What.</param>
/// <param name="Headers">For <see cref="DeadLetterAction.Replay"/>: the headers that change on the way; null takes one
/// out.</param>
[Experimental("DUCTAPE001")]
public readonly record struct DeadLetterDecision(DeadLetterAction Action, IReadOnlyDictionary<string, object?>? Headers = null);

/// <summary>What can be done with a dead letter.</summary>
[Experimental("DUCTAPE001")]
public enum DeadLetterAction
{
    /// <summary>It stays.</summary>
    Keep,

    /// <summary>It goes back to the queue where it failed, and to no other.</summary>
    Replay,

    /// <summary>It is removed.</summary>
    Discard,

    /// <summary>It stays, and the scan ends.</summary>
    Stop,
}
