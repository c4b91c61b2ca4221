using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>What a broker may order and deduplicate a message by.</summary>
/// <param name="MessageId">Its id.</param>
/// <param name="PartitionKey">Messages with the same one stay in order, where the broker can keep it; or null.</param>
/// <param name="DeduplicationKey">
/// Equal for publishes of the same product and session user under the same <see cref="PublishInput.IdempotencyKey"/>;
/// null without one.
/// </param>
[Experimental("DUCTAPE001")]
public readonly record struct MessageKeys(Guid MessageId, string? PartitionKey, string? DeduplicationKey);
