using System.Security.Cryptography;
using System.Text;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>The ids that FIFO topics and queues order and deduplicate by: 1 to 128 visible ASCII characters.</summary>
internal static class AmazonSqsFifo
{
    private const int MaxLength = 128;

    /// <summary>What stays in order together; a message without a partition key is a group of its own.</summary>
    public static string GroupId(MessageKeys keys) => Fit(keys.PartitionKey) ?? keys.MessageId.ToString("N");

    /// <summary>
    /// What AWS drops copies by, for five minutes; a message without an idempotency key is a copy of itself only.
    /// </summary>
    public static string DeduplicationId(MessageKeys keys) => Fit(keys.DeduplicationKey) ?? keys.MessageId.ToString("N");

    private static string? Fit(string? key) =>
        string.IsNullOrEmpty(key) ? null
        : key.Length <= MaxLength && key.All(c => c is > ' ' and <= '~') ? key
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
