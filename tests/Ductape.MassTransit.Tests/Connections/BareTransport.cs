using Ductape.MassTransit.Transports;
using MassTransit;

namespace Ductape.MassTransit.Tests.Connections;

/// <summary>
/// A transport of somebody else's with what each must have and no capability. Its broker is MassTransit's own bus in
/// memory.
/// </summary>
public class BareTransport : IBrokerTransport
{
    private static readonly NamingRules Naming = new()
    {
        MaxEntityLength = 100,
        MaxQueueLength = 90,
        IsAllowed = NamingRules.IsLetterDigitDashDotUnderscore,
        AllowedCharacters = "letters, digits, '-', '_' and '.'",
    };

    public string Type => "BARE";

    public int DefaultPrefetch => 16;

    public TransportSettings CreateSettings() => new BareSettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => [];

    public NamingRules NamingOf(TransportSettings settings) => Naming;

    public int? MaxMessageSizeOf(TransportSettings settings) => 1000;

    public object GetConnectionKey(TransportSettings settings) => Type;

    public string Describe(TransportSettings settings) => "bare";

    public virtual TransportBus CreateBus(TransportSettings settings) => new BareBus();

    private sealed class BareSettings : TransportSettings;

    protected class BareBus : SelfManagedBus
    {
        protected override IBusControl Control { get; } = global::MassTransit.Bus.Factory.CreateUsingInMemory(_ => { });

        public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
        {
            await StartOnceAsync(cancellationToken);
            return new TaskCompletionSource<string>().Task;
        }
    }
}

/// <summary>One that says that its bus cannot deliver a message again later.</summary>
public sealed class UndelayedTransport : BareTransport
{
    public override TransportBus CreateBus(TransportSettings settings) => new UndelayedBus();

    private sealed class UndelayedBus : BareBus, IRedeliveringBus
    {
        public bool CanRedeliver => false;

        public Task RedeliverAsync(DelayedMessage message) => throw new NotSupportedException();
    }
}
