using Azure.Messaging.ServiceBus;

namespace Ductape.MassTransit;

/// <summary>Messages that are sent once more.</summary>
internal static class AzureServiceBusCopy
{
    /// <summary>A received message with other headers; a null takes one out.</summary>
    public static ServiceBusMessage Of(ReceiveContext context, IEnumerable<KeyValuePair<string, object?>> headers)
    {
        var received = context.GetPayload<ServiceBusMessageContext>();
        var copy = new ServiceBusMessage(context.GetBody())
        {
            ContentType = context.ContentType?.ToString(),
            CorrelationId = received.CorrelationId,
            Subject = received.Label,
            ReplyTo = received.ReplyTo,
            ReplyToSessionId = received.ReplyToSessionId,
        };
        if (received.SessionId is { Length: > 0 } session)
            copy.SessionId = session;
        else if (received.PartitionKey is { Length: > 0 } key)
            copy.PartitionKey = key;
        foreach (var (name, value) in received.Properties)
            copy.ApplicationProperties[name] = value;
        return Finish(copy, received.MessageId, headers);
    }

    /// <summary>A dead letter with other headers; a null takes one out.</summary>
    public static ServiceBusMessage Of(ServiceBusReceivedMessage received, IEnumerable<KeyValuePair<string, object?>> headers)
    {
        // Without what Service Bus itself noted of its failure. Its own lifetime must not end it where it waits.
        var copy = new ServiceBusMessage(received) { TimeToLive = TimeSpan.MaxValue };
        return Finish(copy, received.MessageId, headers);
    }

    private static ServiceBusMessage Finish(ServiceBusMessage copy, string? messageId, IEnumerable<KeyValuePair<string, object?>> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (value is null)
                copy.ApplicationProperties.Remove(name);
            else
                copy.ApplicationProperties[name] = value;
        }

        // A queue that detects duplicates would drop the copy, and say nothing. An envelope has the id in it; a bare
        // message has no other.
        if (IsEnvelope(copy.ContentType))
            copy.MessageId = NewId.NextGuid().ToString("N");
        else if (messageId is { Length: > 0 })
            copy.MessageId = messageId;
        return copy;
    }

    private static bool IsEnvelope(string? contentType) =>
        contentType?.StartsWith("application/vnd.masstransit+json", StringComparison.OrdinalIgnoreCase) == true;
}
