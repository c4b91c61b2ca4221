using System.Diagnostics;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>
/// Numbered messages of several publishers to two consumer processes that compete, while the broker is killed at random
/// moments. 5,000 messages and 2 kills; with <c>tests/run.sh --chaos</c> 100,000 and 10.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output) : OutageTest
{
    private const int Publishers = 4;
    private const int PublishesAtOnce = 16;

    private static readonly int Messages = (int)TestReport.Setting("DUCTAPE_CHAOS_MESSAGES", 5_000);
    private static readonly int Kills = (int)TestReport.Setting("DUCTAPE_CHAOS_KILLS", 2);

    private int _next = -1;
    private int _confirmed;
    private int _failed;

    [Fact]
    public async Task Nothing_is_lost_while_the_broker_is_killed_again_and_again()
    {
        var seed = (int)TestReport.Setting("DUCTAPE_CHAOS_SEED", Environment.TickCount & 0xFFFF);
        TestReport.Write(output, $"chaos: {Messages:N0} messages, {Kills} kills, seed {seed} (DUCTAPE_CHAOS_SEED repeats it)");
        var random = new Random(seed);
        var moments = Enumerable.Range(0, Kills).Select(_ => random.Next(Messages)).Order().ToArray();
        await using var one = await WorkerProcess.StartAsync(Node.Url, "orders");
        await using var two = await WorkerProcess.StartAsync(Node.Url, "orders");
        var watch = Stopwatch.StartNew();

        var publishing = Task.WhenAll(Enumerable.Range(0, Publishers).SelectMany(_ =>
        {
            var app = Start();
            return Enumerable.Range(0, PublishesAtOnce).Select(_ => PublishAsync(app.Broker));
        }));
        foreach (var moment in moments)
        {
            await Eventually.TrueAsync(() => Volatile.Read(ref _confirmed) >= moment || publishing.IsCompleted, TimeSpan.FromMinutes(5));
            await Node.KillAsync();
            await Node.StartAsync();
        }

        await publishing.WaitAsync(TimeSpan.FromMinutes(5));
        IEnumerable<int> Received() => one.Ended.Concat(two.Ended);
        await Eventually.TrueAsync(
            () => one.Ended.Count + two.Ended.Count >= Messages && Received().Distinct().Count() >= Messages, TimeSpan.FromMinutes(2), $"all {Messages} messages arrive (seed {seed})");

        Assert.Equal(Enumerable.Range(0, Messages), Received().Distinct().Order());
        Assert.NotEmpty(one.Ended);
        Assert.NotEmpty(two.Ended);
        var received = Received().Count();
        TestReport.Write(output,
            $"chaos: {Messages:N0} published, {_failed:N0} of the attempts failed and were published again, {one.Ended.Count:N0} + {two.Ended.Count:N0} "
            + $"received, {received - Messages:N0} of them duplicates, 0 lost, in {watch.Elapsed.TotalSeconds:N0} s");
    }

    // What failed is published again under its id, as an application would.
    private async Task PublishAsync(IMessageBroker broker)
    {
        while (Interlocked.Increment(ref _next) is var number && number < Messages)
        {
            var input = new MessageBrokerPublishInput
            {
                Event = Created,
                Input = new PublishInput { Message = number, MessageId = $"{Guid.NewGuid()}" },
            };
            while (await Record.ExceptionAsync(() => broker.PublishAsync(input)) is { } exception)
            {
                Assert.Equal(DuctapeErrorCodes.PublishFailed, Assert.IsType<DuctapeException>(exception).Code);
                Interlocked.Increment(ref _failed);
            }

            Interlocked.Increment(ref _confirmed);
        }
    }
}
