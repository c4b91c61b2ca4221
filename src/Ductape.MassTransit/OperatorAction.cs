using System.Collections.ObjectModel;

namespace Ductape.MassTransit;

/// <summary>Something that was done by hand, for an <see cref="IOperatorLog"/>.</summary>
public sealed record OperatorAction
{
    /// <summary>What was done.</summary>
    public required OperatorActionKind Action { get; init; }

    /// <summary>What it was done to: the name of the queue, or the tag of the session type.</summary>
    public required string Target { get; init; }

    /// <summary>The product.</summary>
    public required string ProductTag { get; init; }

    /// <summary>The environment.</summary>
    public required string Env { get; init; }

    /// <summary>The event, <c>brokerTag:topicTag</c>; null for a revocation.</summary>
    public string? Event { get; init; }

    /// <summary>
    /// What else there is to say, by name: <c>subscription_id</c> of a pause and a resume, <c>matched</c>,
    /// <c>replayed</c> or <c>discarded</c>, and <c>left</c> of dead letters, <c>session_id</c> or <c>user</c> of a
    /// revocation. The numbers are not there where <see cref="Error"/> is.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Details { get; init; } = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>Who asked for it, as the caller said; null when code asked without saying.</summary>
    public string? Who { get; init; }

    /// <summary>When it was asked for (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// Why it did not end as it should, without secrets; null when it did. A replay or discard may have moved some
    /// messages before that, and a pause or resume whose caller stopped waiting takes effect all the same.
    /// </summary>
    public string? Error { get; init; }
}
