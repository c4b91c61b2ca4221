using Ductape.MassTransit;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Amazon SQS to Ductape's message broker.</summary>
public static class AmazonSqsBuilderExtensions
{
    /// <summary>
    /// Serves brokers of type <see cref="BrokerTypes.AwsSqs"/>; their <c>Config</c> is an
    /// <see cref="AmazonSqsSettings"/>. May be called more than once. In a build without AWS's packages their settings
    /// and names are checked all the same, and to use one is <see cref="DuctapeErrorCodes.TransportNotRegistered"/>,
    /// with how to build it.
    /// </summary>
    public static IDuctapeMessageBrokerBuilder AddAmazonSqs(this IDuctapeMessageBrokerBuilder builder) =>
        builder.AddTransport<AmazonSqsTransport>();
}
