using Ductape.MassTransit.Configuration.Catalog;

namespace Ductape.MassTransit.Topics;

/// <summary>The partition key of a message.</summary>
internal static class PartitionKeys
{
    public const string Header = "ductape-partition-key";

    /// <summary>
    /// The key of a message that was received: what the publisher said, else what the topic finds in the payload.
    /// </summary>
    public static string? Of(ConsumeContext context, PartitionKeyPath? path, ReadOnlyMemory<byte> payload) =>
        Of(PackedHeaders.Of(context), path, payload);

    /// <inheritdoc cref="Of(ConsumeContext, PartitionKeyPath?, ReadOnlyMemory{byte})"/>
    public static string? Of(Headers headers, PartitionKeyPath? path, ReadOnlyMemory<byte> payload) =>
        headers.Text(Header) ?? path?.Find(payload.Span);
}
