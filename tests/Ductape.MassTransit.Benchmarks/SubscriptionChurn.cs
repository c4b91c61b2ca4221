using System.Diagnostics;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>Subscribes to one durable queue and unsubscribes again, many times over: memory has to stay flat.</summary>
internal static class SubscriptionChurn
{
    private const string Event = $"{DuctapeBroker.Tag}:new-orders";
    private const int WarmUp = 200;

    public static async Task<IReadOnlyList<Row>> RunAsync(bool quick)
    {
        var times = quick ? 1_000 : 10_000;
        await using var services = DuctapeBroker.InMemory(new() { ["new-orders"] = DuctapeBroker.Topic(false) });
        var broker = DuctapeBroker.Of(services);
        Progress.Say("subscriptions: warm-up");
        await ChurnAsync(broker, WarmUp);

        var before = GC.GetTotalMemory(true);
        var clock = Stopwatch.StartNew();
        await ChurnAsync(broker, times);
        var each = clock.Elapsed / times;
        var after = GC.GetTotalMemory(true);

        var name = $"in memory, subscribe and unsubscribe {times:#,0} ×";
        return
        [
            Row.Single($"{name}: managed KB before → after", $"{before / 1024:#,0} → {after / 1024:#,0}"),
            Row.Single($"{name}: B kept each", ((double)(after - before) / times).ToString("0")),
            Row.Single($"{name}: µs each", Row.Number(each.TotalMicroseconds)),
        ];
    }

    // They have to work, too: every hundredth receives an order before it ends.
    private static async Task ChurnAsync(IMessageBroker broker, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var subscription = await broker.SubscribeAsync<Order>(Event, (order, _) =>
            {
                if (order.Number == i)
                    received.TrySetResult();
                return Task.CompletedTask;
            });
            if (i % 100 == 0)
            {
                await broker.PublishAsync(Event, Order.Numbered(i));
                await received.Task.WaitAsync(TimeSpan.FromSeconds(10));
            }

            await subscription.DisposeAsync();
        }
    }
}
