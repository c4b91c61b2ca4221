using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// What a session adds to a publish: its token is validated once and then found by its hash. In memory and without a
/// subscriber, so that nothing but the publish is measured.
/// </summary>
internal static class SessionCost
{
    private const string Event = $"{DuctapeBroker.Tag}:new-orders";
    private const string Tag = "session-tag-1";
    private const int Rounds = 5;

    public static async Task<IReadOnlyList<Row>> RunAsync(bool quick)
    {
        var publishes = quick ? 5_000 : 100_000;
        await using var services = DuctapeBroker.InMemory(
            new() { ["new-orders"] = DuctapeBroker.Topic(false) },
            new() { [Tag] = new SessionTypeOptions { SigningKey = Guid.NewGuid().ToString("N"), Selector = "$Session{userId}" } });
        var broker = DuctapeBroker.Of(services);
        var started = await services.GetRequiredService<ISessions>().StartAsync(Tag, new { userId = "user_1" });
        var session = new SessionInput { Tag = Tag, Token = started.Token };

        Progress.Say("sessions: warm-up");
        await PublishAsync(broker, null, publishes);
        await PublishAsync(broker, session, publishes);
        Progress.Say("sessions: measuring");
        var times = new List<(double Without, double With)>();
        var bytes = new List<(double Without, double With)>();
        for (var i = 0; i < Rounds; i++)
        {
            var without = await PublishAsync(broker, null, publishes);
            var with = await PublishAsync(broker, session, publishes);
            times.Add((without.Microseconds, with.Microseconds));
            bytes.Add((without.Bytes, with.Bytes));
        }

        return
        [
            Added("in memory, publish: µs without → with a session, added", times),
            Added("in memory, publish: allocated B without → with a session, added", bytes),
        ];
    }

    private static async Task<(double Microseconds, double Bytes)> PublishAsync(IMessageBroker broker, SessionInput? session, int publishes)
    {
        var order = Order.Numbered(0);
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(true);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < publishes; i++)
            await broker.PublishAsync(Event, order, session: session);
        return (clock.Elapsed.TotalMicroseconds / publishes, (double)(GC.GetTotalAllocatedBytes(true) - allocated) / publishes);
    }

    private static Row Added(string name, IReadOnlyList<(double Without, double With)> rounds) => Row.Single(
        name,
        $"{Row.Number(Statistics.Median(rounds.Select(x => x.Without)))} → {Row.Number(Statistics.Median(rounds.Select(x => x.With)))}, "
        + Row.Number(Statistics.Median(rounds.Select(x => x.With - x.Without))));
}
