using Ductape.MassTransit;
using Ductape.MassTransit.RabbitMQ.Buses;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds RabbitMQ to Ductape's message broker.</summary>
public static class RabbitMqBuilderExtensions
{
    /// <summary>
    /// Serves brokers of type <see cref="BrokerTypes.RabbitMq"/>; their <c>Config</c> is a
    /// <see cref="RabbitMqSettings"/>. May be called more than once.
    /// </summary>
    public static IDuctapeMessageBrokerBuilder AddRabbitMq(this IDuctapeMessageBrokerBuilder builder) =>
        builder.AddTransport<RabbitMqBroker>();
}
