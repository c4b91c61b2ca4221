using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Tests.Hosting;

/// <summary>A second transport for a type that is taken.</summary>
public sealed class OtherInMemoryTransport : IBrokerTransport
{
    private static readonly NamingRules Naming = new()
    {
        MaxEntityLength = 10,
        MaxQueueLength = 10,
        IsAllowed = NamingRules.IsLetterDigitDashDotUnderscore,
        AllowedCharacters = "letters",
    };

    public string Type => BrokerTypes.InMemory;

    public int DefaultPrefetch => 1;

    public TransportSettings CreateSettings() => new InMemorySettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => [];

    public NamingRules NamingOf(TransportSettings settings) => Naming;

    public int? MaxMessageSizeOf(TransportSettings settings) => null;

    public object GetConnectionKey(TransportSettings settings) => Type;

    public string Describe(TransportSettings settings) => "other";

    public TransportBus CreateBus(TransportSettings settings) => throw new NotSupportedException();
}
