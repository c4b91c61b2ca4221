using Ductape.MassTransit.RabbitMQ.Channels;
using MassTransit.RabbitMqTransport;

namespace Ductape.MassTransit.RabbitMQ.Publishing;

/// <summary>The channel of a bus's publishes as one topic has it.</summary>
/// <param name="context">MassTransit's own, of this topic alone: MassTransit keeps there what it has declared.</param>
/// <param name="source">The channel.</param>
internal sealed class RabbitMqTopicChannel(ChannelContext context, RabbitMqPublishChannel source) : RabbitMqEndpointChannel(context)
{
    /// <summary>Whether the topic is declared, so that everything may be published on it.</summary>
    public bool IsDeclared { get; set; }

    public RabbitMqPublishChannel Source => source;
}
