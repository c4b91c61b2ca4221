using System.Collections.Concurrent;
using Ductape.MassTransit.Transports;
using MassTransit;

namespace Ductape.MassTransit.Tests.Secrets;

/// <summary>A transport of somebody else's, whose settings hold secrets; it delivers in memory.</summary>
public sealed class VaultTransport : IBrokerTransport
{
    private static readonly NamingRules Naming = new()
    {
        MaxEntityLength = 100,
        MaxQueueLength = 90,
        IsAllowed = NamingRules.IsLetterDigitDashDotUnderscore,
        AllowedCharacters = "letters, digits, '-', '_' and '.'",
    };

    public string Type => "VAULT";

    public int DefaultPrefetch => 16;

    public ConcurrentQueue<VaultSettings> Used { get; } = new();

    public TransportSettings CreateSettings() => new VaultSettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) =>
        ((VaultSettings)settings).Address is { } address && !TransportSettings.RefersToSecret(address) && !address.Contains("://", StringComparison.Ordinal)
            ? [new("Address", "it is not a URL")]
            : [];

    public NamingRules NamingOf(TransportSettings settings) => Naming;

    public int? MaxMessageSizeOf(TransportSettings settings) => null;

    public object GetConnectionKey(TransportSettings settings) => settings;

    public string Describe(TransportSettings settings) => "a vault";

    /// <summary>Why it cannot be reached; null for a transport that can.</summary>
    public Func<VaultSettings, Exception>? Failure { get; set; }

    public TransportBus CreateBus(TransportSettings settings)
    {
        Used.Enqueue((VaultSettings)settings);
        return new VaultBus(Failure?.Invoke((VaultSettings)settings));
    }

    private sealed class VaultBus(Exception? failure) : SelfManagedBus
    {
        protected override IBusControl Control { get; } = global::MassTransit.Bus.Factory.CreateUsingInMemory(_ => { });

        public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
        {
            if (failure is not null)
            {
                LogContext.Warning?.Log(failure, "Not connected to {Address}", failure.InnerException?.Message);
                throw failure;
            }

            await StartOnceAsync(cancellationToken);
            return new TaskCompletionSource<string>().Task;
        }
    }
}

public sealed class VaultSettings : TransportSettings
{
    public string? Address { get; set; }

    public string? Password { get; set; }

    public List<string> Hosts { get; set; } = [];

    public VaultTls Tls { get; set; } = new();

    public int Number { get; set; }
}

public sealed class VaultTls
{
    public string? Passphrase { get; set; }

    public bool Enabled { get; set; }
}
