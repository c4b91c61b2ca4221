using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Publishing;

/// <summary>
/// What <c>PublishManyAsync</c> asks of the broker, seen by a broker that confirms when it is told to.
/// </summary>
public sealed class PublishManyTests
{
    [Fact]
    public async Task No_more_are_under_way_than_asked_for_and_the_source_is_read_no_further()
    {
        var broker = new HesitantBroker();
        var read = 0;
        var publishing = broker.PublishManyAsync(Event, Enumerable.Range(0, 10).Select(x => read = x + 1), maxInFlight: 4);

        Assert.Equal(4, read);
        Assert.Equal(4, broker.UnderWay.Count);
        broker.UnderWay[1].SetResult(broker.Result);
        Assert.Equal(4, read);
        broker.UnderWay[0].SetResult(broker.Result);
        Assert.Equal(6, read);

        for (var i = 2; i < 10; i++)
            broker.UnderWay[i].SetResult(broker.Result);
        Assert.Equal(10, (await publishing).Count);
    }

    [Fact]
    public async Task A_failure_of_another_kind_ends_it_once_what_is_under_way_has_ended()
    {
        var broker = new HesitantBroker();
        var publishing = broker.PublishManyAsync(Event, [1, 2]);

        broker.UnderWay[0].SetException(new OperationCanceledException());
        Assert.False(publishing.IsCompleted);
        broker.UnderWay[1].SetResult(broker.Result);

        await Assert.ThrowsAsync<OperationCanceledException>(() => publishing);
    }

    [Fact]
    public async Task Cancellation_is_passed_on_and_reported()
    {
        await using var services = TestProvider.Build(With());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => services.Broker().PublishManyAsync(Event, [1], cancellationToken: cancelled.Token));
    }

    [Fact]
    public async Task Nothing_to_publish_is_nothing_published()
    {
        await using var services = TestProvider.Build(With());

        Assert.Empty(await services.Broker().PublishManyAsync(Event, Array.Empty<int>()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    public async Task A_limit_out_of_range_is_refused(int maxInFlight) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => new HesitantBroker().PublishManyAsync(Event, [1], maxInFlight: maxInFlight));

    private sealed class HesitantBroker : IMessageBroker
    {
        public List<TaskCompletionSource<PublishResult>> UnderWay { get; } = [];

        public PublishResult Result { get; } = new()
        {
            ProcessId = Guid.NewGuid(),
            MessageId = $"{Guid.NewGuid()}",
            Event = Event,
            Env = "dev",
            ProductTag = "my_product",
            BrokerType = BrokerTypes.InMemory,
            Destination = "nowhere",
            SentAt = DateTimeOffset.UnixEpoch,
        };

        public Task<PublishResult> PublishAsync(MessageBrokerPublishInput data, CancellationToken cancellationToken)
        {
            UnderWay.Add(new TaskCompletionSource<PublishResult>());
            return UnderWay[^1].Task;
        }

        public Task<ISubscription> SubscribeAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
