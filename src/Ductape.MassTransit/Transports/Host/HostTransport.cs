using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Transports.Host;

/// <summary>
/// Brokers of type <see cref="BrokerTypes.Host"/>: the bus that the application registered with <c>AddMassTransit</c>.
/// It is also what every route runs on while MassTransit's test harness is registered.
/// </summary>
internal sealed class HostTransport(IServiceProvider services) : IBrokerTransport, ILimitingTransport
{
    // The application's bus may be of any transport; these are the narrowest rules of those that MassTransit has.
    private static readonly NamingRules Naming = new()
    {
        MaxEntityLength = 255,
        MaxQueueLength = 72,
        IsAllowed = c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_',
        AllowedCharacters = "letters (a to z), digits, '-' and '_'",
    };

    public string Type => BrokerTypes.Host;

    public int DefaultPrefetch => 32;

    public IMessageLimits Limits { get; } = new HostMessageLimits(services.GetRequiredService<IBus>, x => services.GetRequiredService<HeaderBytes>()(x));

    public TransportSettings CreateSettings() => new HostSettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => [];

    public NamingRules NamingOf(TransportSettings settings) => Naming;

    public int? MaxMessageSizeOf(TransportSettings settings) => null;

    public object GetConnectionKey(TransportSettings settings) => Type;

    public string Describe(TransportSettings settings) => "the application's own MassTransit bus";

    public TransportBus CreateBus(TransportSettings settings) => new HostTransportBus(services.GetRequiredService<IBus>());
}
