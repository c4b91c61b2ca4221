using Ductape.MassTransit.Configuration.Catalog;
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
        var given = Given(input);
        var key = given ?? route.Flow.PartitionKey?.Find(payload);
        return Problem(key, given is null ? route.Flow.PartitionKey : null) is { } problem ? throw route.Error(DuctapeErrorCodes.InvalidInput, problem) : key;
    }

    /// <summary>The key that a publish was given, or null.</summary>
    public static string? Given(PublishInput input) => string.IsNullOrWhiteSpace(input.PartitionKey) ? null : input.PartitionKey;

    /// <summary>What is wrong with a key, or null.</summary>
    /// <param name="key">The key, or null.</param>
    /// <param name="path">Where it stands in the message; null for one that was given.</param>
    public static string? Problem(string? key, PartitionKeyPath? path = null) => key is { Length: > MaxLength }
        ? $"{(path is null ? "'input.partition_key'" : $"the partition key in the message, '{path}',")} has {key.Length} characters; at most {MaxLength} fit. "
            + "Nothing was sent."
        : null;
}
