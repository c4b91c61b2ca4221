namespace Ductape.MassTransit.Transports.InMemory;

/// <summary>Brokers of type <see cref="BrokerTypes.InMemory"/>: everything in this process shares one bus.</summary>
internal sealed class InMemoryTransport : IBrokerTransport
{
    public string Type => BrokerTypes.InMemory;

    public int DefaultPrefetch => 256;

    public TransportSettings CreateSettings() => new InMemorySettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => [];

    public NamingRules NamingOf(TransportSettings settings) => NamingRules.InMemory;

    public int? MaxMessageSizeOf(TransportSettings settings) => null;

    public object GetConnectionKey(TransportSettings settings) => Type;

    public string Describe(TransportSettings settings) => "in memory";

    public TransportBus CreateBus(TransportSettings settings) => new InMemoryTransportBus();
}
