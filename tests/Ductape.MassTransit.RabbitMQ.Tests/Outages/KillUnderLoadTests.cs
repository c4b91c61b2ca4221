using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>A broker that is killed while publishers and subscribers run.</summary>
public sealed class KillUnderLoadTests(ITestOutputHelper output) : OutageTest
{
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task What_was_confirmed_arrives_what_failed_said_so_no_call_hangs_and_publishing_resumes()
    {
        var app = Start(change: x => x["PublishTimeout"] = PublishTimeout.ToString());
        var inbox = new Inbox();
        await SubscribeAsync(app, Created, inbox.ReceiveAsync);
        var load = new Load(app.Broker);
        using var stop = new CancellationTokenSource();
        var publishers = Enumerable.Range(0, 20).Select(_ => load.RunAsync(stop.Token)).ToArray();
        await Eventually.TrueAsync(() => load.Confirmed.Count > 500);

        await Node.KillAsync();
        await Eventually.TrueAsync(() => load.Failed.Count >= 20);
        await Node.StartAsync();

        var confirmed = load.Confirmed.Count;
        var watch = Stopwatch.StartNew();
        await Eventually.TrueAsync(() => load.Confirmed.Count > confirmed + 20);
        var resumed = watch.Elapsed;
        await stop.CancelAsync();
        await Task.WhenAll(publishers).WaitAsync(Eventually.Deadline);
        Assert.All(load.Failed, x => Assert.Equal(DuctapeErrorCodes.PublishFailed, Assert.IsType<DuctapeException>(x).Code));
        Assert.True(load.Longest > PublishTimeout - TimeSpan.FromSeconds(1), $"No publish waited for longer than {load.Longest}.");
        TestReport.Write(output,
            $"kill: publishing resumed {resumed.TotalSeconds:N1} s after the server took connections; the longest publish took {load.Longest.TotalSeconds:N1} s, "
            + $"its timeout being {PublishTimeout.TotalSeconds:N0} s");
        await Eventually.TrueAsync(() => !load.Confirmed.Except(Numbers(inbox)).Any(), TimeSpan.FromSeconds(60), "everything confirmed has arrived");
    }

    private static IEnumerable<int> Numbers(Inbox inbox) => inbox.Bodies.Select(x => int.Parse(x, CultureInfo.InvariantCulture));

    private sealed class Load(IMessageBroker broker)
    {
        private int _next;
        private long _longest;

        public ConcurrentQueue<int> Confirmed { get; } = new();

        public ConcurrentQueue<Exception> Failed { get; } = new();

        public TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref _longest));

        public async Task RunAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref _next);
                var began = Stopwatch.GetTimestamp();
                try
                {
                    await broker.PublishAsync(Created, number, cancellationToken: CancellationToken.None);
                    Confirmed.Enqueue(number);
                }
                catch (Exception exception)
                {
                    Failed.Enqueue(exception);
                }

                var took = Stopwatch.GetElapsedTime(began).Ticks;
                long longest;
                while ((longest = Volatile.Read(ref _longest)) < took && Interlocked.CompareExchange(ref _longest, took, longest) != longest)
                {
                }
            }
        }
    }
}
