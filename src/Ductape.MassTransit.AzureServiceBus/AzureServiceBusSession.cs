using System.Security.Cryptography;
using System.Text;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// The session of a message: its partition key, at most 128 characters; a message without one is a session of its own.
/// </summary>
internal static class AzureServiceBusSession
{
    private const int MaxLength = 128;

    public static string IdOf(MessageKeys keys) =>
        string.IsNullOrEmpty(keys.PartitionKey) ? keys.MessageId.ToString("N")
        : keys.PartitionKey.Length <= MaxLength ? keys.PartitionKey
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(keys.PartitionKey)));
}
