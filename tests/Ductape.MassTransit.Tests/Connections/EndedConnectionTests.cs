using System.Collections.Concurrent;
using Ductape.MassTransit.Transports;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Connections;

/// <summary>A broker that takes connections and ends each of them at once.</summary>
public class EndedConnectionTests
{
    [Fact]
    public async Task The_waits_between_connections_that_end_at_once_grow_to_five_seconds_and_a_publish_waits_for_one_that_holds()
    {
        var time = new HurriedTime();
        await using var services = TestProvider.Build(With((Dev, """{ "Type": "ENDING" }"""), ("PublishTimeout", "\"01:00:00\"")), x =>
        {
            x.Services.AddSingleton<TimeProvider>(time);
            x.AddTransport<EndingTransport>();
        });

        await services.Broker().PublishAsync(OrdersConfiguration.Event, 1).WaitAsync(PublishAndReceive.Deadline);

        // The first loss is chance, and healed at once. After the second, each connection has to hold for a second
        // before it counts.
        Assert.Equal([0.25, 1, 0.5, 1, 1, 1, 2, 1, 4, 1, 5, 1, 5, 1, 5, 1], time.Waits.Select(x => x.TotalSeconds));
    }

    /// <summary>The system's clock, whose timers of at most five seconds end at once, and are kept.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private readonly ConcurrentQueue<TimeSpan> _waits = new();

        public IEnumerable<TimeSpan> Waits => _waits;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime <= TimeSpan.Zero || dueTime > TimeSpan.FromSeconds(5))
                return base.CreateTimer(callback, state, dueTime, period);

            _waits.Enqueue(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    public sealed class EndingTransport : IBrokerTransport
    {
        private static readonly NamingRules Naming = new()
        {
            MaxEntityLength = 100,
            MaxQueueLength = 90,
            IsAllowed = NamingRules.IsLetterDigitDashDotUnderscore,
            AllowedCharacters = "letters, digits, '-', '_' and '.'",
        };

        private int _connections;

        public string Type => "ENDING";

        public int DefaultPrefetch => 16;

        public TransportSettings CreateSettings() => new Settings();

        public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => [];

        public NamingRules NamingOf(TransportSettings settings) => Naming;

        public int? MaxMessageSizeOf(TransportSettings settings) => null;

        public object GetConnectionKey(TransportSettings settings) => settings;

        public string Describe(TransportSettings settings) => "ends";

        public TransportBus CreateBus(TransportSettings settings) => new EndingBus(this);

        private Task<string> Connect() =>
            Interlocked.Increment(ref _connections) < 10 ? Task.FromResult("it was ended") : new TaskCompletionSource<string>().Task;

        private sealed class Settings : TransportSettings;

        private sealed class EndingBus(EndingTransport transport) : SelfManagedBus
        {
            protected override IBusControl Control { get; } = global::MassTransit.Bus.Factory.CreateUsingInMemory(_ => { });

            public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
            {
                await StartOnceAsync(cancellationToken);
                return transport.Connect();
            }
        }
    }
}
