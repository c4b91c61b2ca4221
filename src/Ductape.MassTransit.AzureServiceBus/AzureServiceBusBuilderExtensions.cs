using Ductape.MassTransit;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Azure Service Bus to Ductape's message broker.</summary>
public static class AzureServiceBusBuilderExtensions
{
    /// <summary>
    /// Serves brokers of type <see cref="BrokerTypes.AzureServiceBus"/>; their <c>Config</c> is an
    /// <see cref="AzureServiceBusSettings"/>. May be called more than once. In a build without Azure's packages their
    /// settings and names are checked all the same, and to use one is
    /// <see cref="DuctapeErrorCodes.TransportNotRegistered"/>, with how to build it.
    /// </summary>
    public static IDuctapeMessageBrokerBuilder AddAzureServiceBus(this IDuctapeMessageBrokerBuilder builder) =>
        builder.AddTransport<AzureServiceBusTransport>();
}
