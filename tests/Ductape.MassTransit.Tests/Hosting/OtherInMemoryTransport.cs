using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Tests.Hosting;

/// <summary>A second transport for a type that is taken.</summary>
public sealed class OtherInMemoryTransport : IBrokerTransport
{
    public string Type => BrokerTypes.InMemory;

    public NamingRules Naming { get; } = new()
    {
        MaxEntityLength = 10,
        MaxQueueLength = 10,
        IsAllowed = NamingRules.IsLetterDigitDashDotUnderscore,
        AllowedCharacters = "letters",
    };

    public int? MaxMessageSize => null;

    public int DefaultPrefetch => 1;

    public TransportSettings CreateSettings() => new InMemorySettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => [];

    public object GetConnectionKey(TransportSettings settings) => Type;

    public string Describe(TransportSettings settings) => "other";

    public TransportBus CreateBus(TransportSettings settings) => throw new NotSupportedException();
}
