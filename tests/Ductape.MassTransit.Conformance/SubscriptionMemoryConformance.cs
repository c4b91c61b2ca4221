namespace Ductape.MassTransit.Conformance;

/// <summary>Subscriptions that come and go, in a process of their own.</summary>
public abstract class SubscriptionMemoryConformance : MessageBrokerConformance
{
    private const int Rounds = 12;

    /// <summary>How many subscriptions come and go in each round.</summary>
    protected virtual int Cycles => 800;

    [Fact]
    public async Task Subscribing_and_unsubscribing_over_and_over_leaves_memory_flat()
    {
        var rounds = await MemoryWorker.RunAsync("subscriptions", Env().ToJsonString(), $"{Rounds}", $"{Cycles}");

        Assert.Equal(Rounds, rounds.Count);
        // Connecting and removing an endpoint each time would leave 16 KB and more behind.
        MemorySlope.AssertFlat(rounds, most: Cycles * 1_000L);
    }
}
