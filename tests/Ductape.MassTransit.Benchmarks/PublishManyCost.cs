using System.Diagnostics;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// One caller on RabbitMQ: awaiting each publish, <c>PublishManyAsync</c>, and RabbitMQ.Client with as many
/// confirmations under way. No queue is bound to either exchange: this is about publishing and confirming alone.
/// </summary>
internal static class PublishManyCost
{
    private const int Rounds = 7;
    private const int InFlight = 256;

    public static async Task<Table> RunAsync(PrivateRabbitMq rabbit, bool quick)
    {
        var few = quick ? 500 : 3_000;
        var many = quick ? 2_000 : 20_000;
        await using var services = DuctapeBroker.OnRabbitMq(rabbit.Url, new() { ["published"] = DuctapeBroker.Topic(false) });
        await using var raw = await RawPublisher.StartAsync(rabbit);
        var broker = DuctapeBroker.Of(services);
        var cases = new (string Name, Func<Task<double>> Run)[]
        {
            ("Ductape, awaiting each publish", () => RateAsync(few, () => OneByOneAsync(broker, few))),
            ("Ductape, PublishManyAsync", () => RateAsync(many, () => broker.PublishManyAsync(DuctapeBroker.EventOf("published"), Orders(many), maxInFlight: InFlight))),
            ("RabbitMQ.Client, as many bytes", () => RateAsync(many, () => raw.PublishAsync(Orders(many), InFlight, Order.PaddingFor(Load.EnvelopeBytes)))),
            ($"RabbitMQ.Client, {InFlight} confirmations under way", () => RateAsync(many, () => raw.PublishAsync(Orders(many), InFlight))),
        };

        Progress.Say("publish many: warm-up");
        for (var i = 0; i < (quick ? 2 : 10); i++)
        {
            foreach (var (_, run) in cases)
                await run();
        }

        Progress.Say("publish many: measuring");
        var rates = cases.Select(_ => new List<double>()).ToArray();
        for (var i = 0; i < Rounds; i++)
        {
            for (var j = 0; j < cases.Length; j++)
                rates[j].Add(await cases[j].Run());
        }

        return new Table(
            ["RabbitMQ, one caller", "messages/s", "to awaiting each", "to RabbitMQ.Client"],
            [.. cases.Select((x, j) => (string[])
            [
                x.Name, Row.Number(Statistics.Median(rates[j])), Ratio(rates[j], rates[0]), Ratio(rates[j], rates[^1]),
            ])]);
    }

    private static IEnumerable<Order> Orders(int count) => Enumerable.Range(0, count).Select(Order.Numbered);

    private static async Task OneByOneAsync(IMessageBroker broker, int count)
    {
        foreach (var order in Orders(count))
            await broker.PublishAsync(DuctapeBroker.EventOf("published"), order);
    }

    private static async Task<double> RateAsync(int count, Func<Task> publish)
    {
        GC.Collect();
        var clock = Stopwatch.StartNew();
        await publish();
        return count / clock.Elapsed.TotalSeconds;
    }

    private static string Ratio(IEnumerable<double> rates, IEnumerable<double> others) =>
        Statistics.Median(rates.Zip(others, (a, b) => a / b)).ToString("0.00");
}
