namespace Ductape.MassTransit.Transports;

/// <summary>
/// Stands in, on MassTransit's test harness, for a transport that is not registered: every route runs on the harness's
/// bus anyway.
/// </summary>
internal sealed class TestHarnessTransport(string type) : IBrokerTransport
{
    public string Type => type;

    public int DefaultPrefetch => 32;

    public TransportSettings CreateSettings() => new HostSettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => [];

    public NamingRules NamingOf(TransportSettings settings) => NamingRules.InMemory;

    public int? MaxMessageSizeOf(TransportSettings settings) => null;

    public object GetConnectionKey(TransportSettings settings) => type;

    public string Describe(TransportSettings settings) => "on the test harness";

    public TransportBus CreateBus(TransportSettings settings) =>
        throw new InvalidOperationException($"A route of {type} runs on the test harness and has no bus of its own.");
}
