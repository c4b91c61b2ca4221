namespace Ductape.MassTransit.Subscribing;

/// <summary>Tells a bus of any transport that the queue goes away with its consumer.</summary>
internal sealed class EphemeralEndpoint(string queue) : IEndpointDefinition
{
    public bool IsTemporary => true;

    public int? PrefetchCount => null;

    public int? ConcurrentMessageLimit => null;

    public bool ConfigureConsumeTopology => true;

    public string GetEndpointName(IEndpointNameFormatter formatter) => queue;

    public void Configure<T>(T configurator, IRegistrationContext? context)
        where T : IReceiveEndpointConfigurator
    {
    }
}
