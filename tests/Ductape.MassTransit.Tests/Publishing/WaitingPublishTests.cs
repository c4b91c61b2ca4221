using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Publishing;

/// <summary>Publishing to a broker that is not there: nothing listens at the port.</summary>
public class WaitingPublishTests
{
    [Fact]
    public async Task No_more_publishes_wait_than_allowed_and_the_next_fails_at_once()
    {
        await using var services = Build(("PublishTimeout", "\"00:00:05\""), ("MaxWaitingPublishes", "5"));
        var waiting = Enumerable.Range(0, 5).Select(x => services.Broker().PublishAsync(Event, x)).ToArray();

        var publishing = services.Broker().PublishAsync(Event, 6);

        Assert.True(publishing.IsFaulted, "The sixth publish waits.");
        Assert.DoesNotContain(waiting, x => x.IsCompleted);
        var error = await Assert.ThrowsAsync<DuctapeException>(() => publishing);
        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.StartsWith("PUBLISH_FAILED: 5 publishes already wait for RABBITMQ (amqp://localhost:1/), which takes none at the moment", error.Message);
        Assert.EndsWith("Nothing was sent. Publish again when the broker answers, or raise MaxWaitingPublishes where the memory allows it.", error.Message);
        foreach (var publish in waiting)
            await Assert.ThrowsAsync<DuctapeException>(() => publish);
        var later = services.Broker().PublishAsync(Event, 7);
        Assert.False(later.IsCompleted, "The places of publishes that have ended stay taken.");
        await Assert.ThrowsAsync<DuctapeException>(() => later);
    }

    [Fact]
    public async Task A_cancelled_publish_gives_its_place_back()
    {
        await using var services = Build(("MaxWaitingPublishes", "1"));
        using var cancel = new CancellationTokenSource();
        var first = services.Broker().PublishAsync(Event, 1, cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        using var again = new CancellationTokenSource();
        var second = services.Broker().PublishAsync(Event, 2, cancellationToken: again.Token);

        Assert.False(second.IsCompleted);
        await again.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public async Task With_fail_a_publish_waits_for_the_first_attempt_to_connect_and_not_longer()
    {
        await using var services = Build(("WhenUnavailable", "\"fail\""));

        var error = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().PublishAsync(Event, 1).WaitAsync(Eventually.Deadline));

        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.StartsWith("PUBLISH_FAILED: RABBITMQ (amqp://localhost:1/) is out of reach, and WhenUnavailable is 'fail': ", error.Message);
        Assert.EndsWith("Nothing was sent. Check that the broker runs and that its address and credentials in the configuration are right.", error.Message);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public async Task Publishing_at_full_speed_without_waiting_keeps_the_memory_flat_while_the_broker_is_away()
    {
        const int publishes = 3_000;
        var rounds = await MemoryWorker.RunAsync(
            "waiting", """{ "Type": "RABBITMQ", "Config": { "Url": "amqp://localhost:1/" } }""", "12", $"{publishes}");

        Assert.Equal(12, rounds.Count);
        // Each has a message of a kilobyte.
        MemorySlope.AssertFlat(rounds, most: publishes * 100);
    }

    private static ServiceProvider Build(params (string Path, string Json)[] changes) => TestProvider.Build(
        With([($"{Dev}:Type", "\"RABBITMQ\""), ($"{Dev}:Config", """{ "Url": "amqp://localhost:1/" }"""), .. changes]), x => x.AddRabbitMq());
}
