using Ductape.MassTransit.Transports;
using MassTransit;

namespace Ductape.MassTransit.CallWorker;

/// <summary>A transport whose topics are queues that exist, so that messages are sent and not published.</summary>
internal sealed class ExistingQueueTransport : IBrokerTransport
{
    public string Type => "EXISTING";

    public int DefaultPrefetch => 16;

    public TransportSettings CreateSettings() => new InMemorySettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => [];

    public NamingRules NamingOf(TransportSettings settings) => new()
    {
        MaxEntityLength = 100,
        MaxQueueLength = 90,
        IsAllowed = NamingRules.IsLetterDigitDashDotUnderscore,
        AllowedCharacters = "letters, digits, '-', '_' and '.'",
    };

    public int? MaxMessageSizeOf(TransportSettings settings) => null;

    public object GetConnectionKey(TransportSettings settings) => Type;

    public string Describe(TransportSettings settings) => "existing queues";

    public TransportBus CreateBus(TransportSettings settings) => new ExistingQueueBus();

    private sealed class ExistingQueueBus : SelfManagedBus, IExistingQueueBus
    {
        protected override IBusControl Control { get; } = global::MassTransit.Bus.Factory.CreateUsingInMemory(_ => { });

        public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
        {
            await StartOnceAsync(cancellationToken);
            return new TaskCompletionSource<string>().Task;
        }

        public Uri? SendAddress(TopicTopology topic) => new($"queue:{topic.Entity}");
    }
}
