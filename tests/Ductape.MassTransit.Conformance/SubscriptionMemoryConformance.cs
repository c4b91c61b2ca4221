namespace Ductape.MassTransit.Conformance;

/// <summary>Subscriptions that come and go. Measures the process's memory, so nothing else may run beside it.</summary>
public abstract class SubscriptionMemoryConformance : MessageBrokerConformance
{
    /// <summary>The collection that its classes belong to.</summary>
    public const string Alone = "alone";

    protected virtual int Cycles => 10_000;

    [Fact]
    public async Task Subscribing_and_unsubscribing_over_and_over_leaves_memory_flat()
    {
        var app = Start();
        async Task CycleAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await using var durable = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
                await using var ephemeral = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask, ephemeral: true);
            }
        }

        await CycleAsync(Cycles / 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await CycleAsync(Cycles);
        var perCycle = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Cycles;

        // Connecting and removing an endpoint each time would leave 16 KB and more behind.
        Assert.True(perCycle < 1_000, $"Each cycle left {perCycle:F0} bytes behind.");
    }
}
