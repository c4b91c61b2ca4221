using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.AzureServiceBus.Tests;

/// <summary>How dead letters are gone through, without Service Bus itself.</summary>
public sealed class DeadLetterScanTests
{
    private const string Queue = "shop";
    private const string Errors = "shop_error";
    private const string GivenUp = "shop/$DeadLetterQueue";

    private readonly FakeServiceBus _bus = new() { Queues = { [Queue] = [], [Errors] = [], [GivenUp] = [] } };

    [Fact]
    public async Task Looking_locks_nothing_and_shows_what_Service_Bus_gave_up_on_behind_the_errors()
    {
        _bus.Add(GivenUp, Body(3), deadLetterReason: "MaxDeliveryCountExceeded");
        Fill(2);
        var seen = new List<(string, object?)>();

        await Open().BrowseAsync(x =>
        {
            seen.Add(($"{BinaryData.FromBytes(x.Body)}", x.Headers.GetValueOrDefault("MT-Reason")));
            return true;
        }, CancellationToken.None);

        Assert.Equal([("1", null), ("2", null), ("3", "MaxDeliveryCountExceeded")], seen);
        Assert.Equal((0, 3L), (_bus.Locked, await Open().CountAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task Looking_ends_where_it_is_told_to_and_goes_on_past_what_is_shown_at_once()
    {
        Fill(100);
        var seen = 0;

        await Open().BrowseAsync(_ => ++seen < 70, CancellationToken.None);

        Assert.Equal(70, seen);
    }

    [Fact]
    public async Task What_is_replayed_goes_to_the_queue_what_is_discarded_nowhere_and_the_rest_is_given_back_in_its_place()
    {
        Fill(5);

        var there = await Open().ScanAsync(x => ValueTask.FromResult(BinaryData.FromBytes(x.Body).ToString() switch
        {
            "2" => new DeadLetterDecision(DeadLetterAction.Replay, new Dictionary<string, object?> { ["ductape-replay-count"] = 1, ["MT-Reason"] = null }),
            "4" => new DeadLetterDecision(DeadLetterAction.Discard),
            _ => new DeadLetterDecision(DeadLetterAction.Keep),
        }), CancellationToken.None);

        Assert.Equal(5, there);
        Assert.Equal(["1", "3", "5"], Bodies(Errors));
        var replayed = Assert.Single(_bus.Queues[Queue]);
        Assert.Equal("2", replayed.Body.ToString());
        Assert.Equal(["ductape-replay-count", "tenant"], replayed.ApplicationProperties.Keys.Order());
        Assert.Equal(3, _bus.Abandoned);
    }

    [Fact]
    public async Task What_Service_Bus_gave_up_on_is_replayed_too()
    {
        _bus.Add(GivenUp, Body(1), deliveries: 10, deadLetterReason: "MaxDeliveryCountExceeded");

        await Open().ScanAsync(_ => ValueTask.FromResult(new DeadLetterDecision(DeadLetterAction.Replay, new Dictionary<string, object?>())), CancellationToken.None);

        Assert.Empty(_bus.Queues[GivenUp]);
        Assert.DoesNotContain("DeadLetterReason", Assert.Single(_bus.Queues[Queue]).ApplicationProperties.Keys);
    }

    [Fact]
    public async Task A_message_near_the_limit_of_its_deliveries_is_written_anew_and_not_seen_twice()
    {
        _bus.Add(Errors, Body(1), deliveries: 4);
        Fill(1, from: 2);
        var seen = 0;

        await Open().ScanAsync(_ =>
        {
            seen++;
            return ValueTask.FromResult(new DeadLetterDecision(DeadLetterAction.Keep));
        }, CancellationToken.None);

        Assert.Equal(2, seen);
        Assert.Equal(["2", "1"], Bodies(Errors));
        Assert.All(_bus.Queues[Errors], x => Assert.Equal(1, x.DeliveryCount));
    }

    [Fact]
    public async Task Without_the_queue_to_replay_to_nothing_is_lost()
    {
        _bus.Queues.Remove(Queue);
        Fill(2);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Open().ScanAsync(
            _ => ValueTask.FromResult(new DeadLetterDecision(DeadLetterAction.Replay, new Dictionary<string, object?>())), CancellationToken.None));

        Assert.Equal("there is no queue 'shop' to send to", error.Message);
        Assert.Equal(["1", "2"], Bodies(Errors));
        Assert.Equal(2, _bus.Abandoned);
    }

    [Fact]
    public async Task A_decision_that_throws_gives_everything_back()
    {
        Fill(3);

        await Assert.ThrowsAsync<FormatException>(() => Open().ScanAsync(_ => throw new FormatException(), CancellationToken.None));

        Assert.Equal((3, 3), (_bus.Locked, _bus.Abandoned));
    }

    [Fact]
    public async Task A_queue_without_errors_has_none()
    {
        _bus.Queues.Clear();

        Assert.Equal(0, await Open().CountAsync(CancellationToken.None));
        Assert.Equal(0, await Open().ScanAsync(_ => throw new FormatException(), CancellationToken.None));
    }

    private AzureServiceBusDeadLetterQueue Open() => new(new AzureServiceBusSenders(() => _bus), null, Queue);

    private void Fill(int count, int from = 1)
    {
        for (var i = from; i < from + count; i++)
            _bus.Add(Errors, Body(i), properties: new Dictionary<string, object> { ["tenant"] = "acme" });
    }

    private static BinaryData Body(int number) => BinaryData.FromString($"{number}");

    private IEnumerable<string> Bodies(string queue) => _bus.Queues[queue].Select(x => x.Body.ToString());
}
