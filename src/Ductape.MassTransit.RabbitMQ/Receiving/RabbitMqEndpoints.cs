using Ductape.MassTransit.RabbitMQ.Configuration;
using Ductape.MassTransit.RabbitMQ.DeadLetters;
using Ductape.MassTransit.RabbitMQ.Declaring;
using Ductape.MassTransit.RabbitMQ.Failures;
using Ductape.MassTransit.RabbitMQ.Moving;
using Ductape.MassTransit.Transports;
using MassTransit.Middleware;
using MassTransit.RabbitMqTransport.Configuration;

namespace Ductape.MassTransit.RabbitMQ.Receiving;

/// <summary>Configures the receive endpoints of a bus: their queues, and the way of what fails there.</summary>
/// <param name="bindings">Keeps the queues bound.</param>
/// <param name="channels">Gets the channels of the endpoints.</param>
/// <param name="moves">Moves what fails.</param>
internal sealed class RabbitMqEndpoints(RabbitMqBindings bindings, RabbitMqReceiveChannels channels, RabbitMqMoves moves)
{
    public void Configure(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
    {
        var topic = topology.Topic;
        var rabbit = (IRabbitMqReceiveEndpointConfigurator)endpoint;
        rabbit.ConfigureConsumeTopology = false;
        var passive = RabbitMqPassiveDeclaration.IsAsked(topic) ? new RabbitMqPassiveDeclaration(topic.Entity, topology.Queue) : null;
        rabbit.ConfigureChannel(x => x.UseFilter(new RabbitMqEndpointChannelFilter(channel =>
        {
            if (passive is not null && topology.Ephemeral)
                throw new RabbitMqMissingException("an ephemeral queue is made anew for each subscription") { IsEphemeral = true };
            // Not before: an exchange or a queue that is not declared yet is not one that somebody deleted.
            if (passive is null)
                channel.Declared = () => bindings.Add(topology);
            channels.Opened(topology.Queue, channel);
        }, () => bindings.Remove(topology), passive)));
        ConfigureFailures((RabbitMqReceiveEndpointConfiguration)endpoint, topology, passive is null);
        if (topology.RedeliveryDelays.Count > 0)
            rabbit.ConfigureChannel(x => x.UseExecuteAsync(context => RabbitMqDelayQueue.DeclareAllAsync(context, topology)));

        if (topology.Ephemeral)
        {
            rabbit.Durable = false;
            rabbit.AutoDelete = true;
            // By way of the queue's own exchange: MassTransit would make the topic's as short-lived as the queue.
            rabbit.Bind(topic.Entity, binding => RabbitMqQueueSetup.Bind(binding, topic));
        }
        else
        {
            ConfigureQueue(rabbit, topology, passive is null);
        }
    }

    private void ConfigureFailures(RabbitMqReceiveEndpointConfiguration endpoint, EndpointTopology topology, bool declares)
    {
        var send = ((IRabbitMqEndpointConfiguration)endpoint).Topology.Send;
        endpoint.ConfigureError(x =>
        {
            x.UseFilter(new GenerateFaultFilter());
            x.UseFilter(new RabbitMqErrorFilter(moves, new(() => declares
                ? RabbitMqDestination.Of(send.GetErrorSettings(endpoint.Settings))
                : new RabbitMqDestination("", RabbitMqNaming.ErrorQueue(topology.Queue)))));
        });
        endpoint.ConfigureDeadLetter(x => x.UseFilter(new RabbitMqSkippedFilter(moves, new(() => declares
            ? RabbitMqDestination.Of(send.GetDeadLetterSettings(endpoint.Settings))
            : new RabbitMqDestination("", $"{topology.Queue}_skipped")))));
    }

    private static void ConfigureQueue(IRabbitMqReceiveEndpointConfigurator endpoint, EndpointTopology topology, bool declares)
    {
        var topic = topology.Topic;
        var settings = (RabbitMqSettings)topic.Settings;
        // Straight to the queue, which saves the server a step for every message.
        ((IRabbitMqEndpointConfiguration)endpoint).Topology.Consume.BindQueue(topic.Entity, topology.Queue, binding =>
        {
            RabbitMqQueueSetup.Bind(binding, topic);
            RabbitMqQueueSetup.SetArguments(binding, settings, topology.Queue, topic.Ordered, topic.Arguments);
        });
        RabbitMqQueueSetup.SetArguments(endpoint, settings, topology.Queue, topic.Ordered, topic.Arguments);
        if (settings.QueueType == RabbitMqQueueType.Quorum && declares)
        {
            // The broker moves a message past the delivery limit by itself, so the queue it moves it to has to exist
            // before.
            var error = RabbitMqNaming.ErrorQueue(topology.Queue);
            endpoint.BindDeadLetterQueue(error, error, x => RabbitMqQueueSetup.SetArguments(x, settings, topology.Queue, isOrdered: false, null));
        }
    }
}
