using System.Diagnostics;
using MassTransit.RabbitMqTransport;
using MassTransit.Serialization;

namespace Ductape.MassTransit.RabbitMQ.Publishing;

/// <summary>
/// Sets the AMQP properties of a publish that has nothing but its ids, which is nearly every one, as MassTransit does.
/// Everything else (headers, an expiry, a delay, a request, a trace) is left to MassTransit's own way, which asks for
/// each of them, and whether the topic is declared, at every publish.
/// </summary>
internal static class RabbitMqHeaderlessPublish
{
    private static readonly string EnvelopeType = SystemTextJsonMessageSerializer.JsonContentType.ToString();

    /// <returns>The message, ready to be published; null where MassTransit has to do it.</returns>
    public static RabbitMqMessageSendContext<T>? TryPrepare<T>(SendContext<T> context)
        where T : class
    {
        if (context is not RabbitMqMessageSendContext<T> message || message.Message is not TopicMessage || Activity.Current is { IsAllDataRequested: true }
            || message.TimeToLive is not null || message.Delay is not null || message.RequestId is not null || message.Headers.GetAll().Any())
        {
            return null;
        }

        if (message.TryGetPayload<PublishContext>(out var publish))
            message.Mandatory |= publish.Mandatory;
        message.RoutingKey ??= "";
        var properties = message.BasicProperties;
        properties.ContentType = ReferenceEquals(message.ContentType, SystemTextJsonMessageSerializer.JsonContentType) ? EnvelopeType : message.ContentType?.ToString();
        properties.Persistent = message.Durable;
        properties.MessageId = message.MessageId?.ToString();
        properties.CorrelationId = message.CorrelationId?.ToString();
        return message;
    }
}
