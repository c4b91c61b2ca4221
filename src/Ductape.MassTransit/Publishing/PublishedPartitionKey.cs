using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Publishing;

/// <summary>The partition key of a publish: what it gives, else what the topic finds in the payload.</summary>
internal static class PublishedPartitionKey
{
    /// <summary>The longest message group id of SQS and session id of Service Bus.</summary>
    private const int MaxLength = 128;

    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>: the key is too
    /// long.</exception>
    public static string? Of(Route route, PublishInput input, ReadOnlySpan<byte> payload)
    {
        var isGiven = !string.IsNullOrWhiteSpace(input.PartitionKey);
        var key = isGiven ? input.PartitionKey : route.Flow.PartitionKey?.Find(payload);
        if (key is { Length: > MaxLength })
        {
            throw route.Error(DuctapeErrorCodes.InvalidInput,
                $"{(isGiven ? "'input.partition_key'" : $"the partition key in the message, '{route.Flow.PartitionKey}',")} has {key.Length} "
                + $"characters; at most {MaxLength} fit. Nothing was sent.");
        }

        return key;
    }
}
