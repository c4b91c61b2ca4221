using System.Text.Json;
using Ductape.MassTransit.Configuration.Catalog;

namespace Ductape.MassTransit.Testing;

/// <summary>Whom a test message is delivered to.</summary>
internal sealed record TestReceiver(string Event, string Env, string ProductTag, JsonSerializerOptions SerializerOptions) : IReceiver
{
    public PartitionKeyPath? PartitionKeyPath => null;

    public IReadOnlyDictionary<string, object?>? FindHeaders(ReceiveContext context) => null;
}
