using System.Text.Json;
using Ductape.MassTransit.Configuration.Catalog;

namespace Ductape.MassTransit;

/// <summary>What a <see cref="ReceivedMessage"/> knows of whom it was delivered to.</summary>
internal interface IReceiver
{
    string Event { get; }

    string Env { get; }

    string ProductTag { get; }

    /// <summary>The path of the partition key in the payload, where the topic has one.</summary>
    PartitionKeyPath? PartitionKeyPath { get; }

    /// <summary>How payloads are read.</summary>
    JsonSerializerOptions SerializerOptions { get; }

    /// <summary>The headers whose values MassTransit shows as something else; null for none.</summary>
    IReadOnlyDictionary<string, object?>? FindHeaders(ReceiveContext context);
}
