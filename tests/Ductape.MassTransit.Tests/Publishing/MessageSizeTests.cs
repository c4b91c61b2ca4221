using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Publishing;

public class MessageSizeTests
{
    [Fact]
    public async Task A_payload_over_the_limit_is_refused_and_nothing_is_sent()
    {
        await using var services = TestProvider.Build(With(($"{Dev}:MaxMessageSize", "10")));
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, "123456789"));
        await services.Broker().PublishAsync(Event, "12345678");

        Assert.Equal(
            "MESSAGE_TOO_LARGE: the payload has 11 bytes and sqsbroker-new-orders-dev on IN_MEMORY (in memory) takes at most 10. Nothing was sent. "
                + "Send less, or raise MaxMessageSize of the broker's environment where the broker itself allows more.",
            exception.Message);
        Assert.Equal(DuctapeErrorCodes.MessageTooLarge, exception.Code);
        Assert.Equal((Event, "dev", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
        await inbox.HasAsync(1);
        Assert.Equal(["\"12345678\""], inbox.Bodies);
    }

    [Fact]
    public async Task The_limit_counts_bytes_and_not_characters()
    {
        await using var services = TestProvider.Build(With(($"{Dev}:MaxMessageSize", "6")));

        await services.Broker().PublishAsync(Event, "éé");
        await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, "ééé"));
    }

    [Fact]
    public async Task Headers_count_too()
    {
        await using var services = TestProvider.Build(With(($"{Dev}:MaxMessageSize", "100")));
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => PublishAsync("a\"\u0001", new string('x', 90), null));
        await PublishAsync("a", new string('x', 90), null);

        Assert.Equal(
            "MESSAGE_TOO_LARGE: the payload has 1 bytes and the 2 headers take 105; sqsbroker-new-orders-dev on IN_MEMORY (in memory) takes at most 100 together. "
                + "Nothing was sent. Send less, or raise MaxMessageSize of the broker's environment where the broker itself allows more.",
            exception.Message);
        await inbox.HasAsync(1);
        Assert.Single(inbox.Letters.Single().Headers);

        Task PublishAsync(string name, string? value, string? none) =>
            services.Broker().PublishAsync(Event, 1, headers: new Dictionary<string, object?> { [name] = value, ["none"] = none });
    }

    [Fact]
    public async Task Without_a_limit_headers_may_be_of_any_size()
    {
        await using var services = TestProvider.Build(With());
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await services.Broker().PublishAsync(Event, 1, headers: Enumerable.Range(0, 3_000).ToDictionary(x => $"h{x}", object? (_) => new string('x', 1_000)));

        await inbox.HasAsync(1);
        Assert.Equal(3_000, inbox.Letters.Single().Headers.Count);
    }

    [Fact]
    public async Task A_big_payload_is_copied_once_on_its_way_into_the_envelope()
    {
        await using var services = TestProvider.Build(With());
        var payload = Enumerable.Repeat((byte)'7', 1_000_000).ToArray();
        await services.Broker().PublishAsync(Event, payload);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var publishing = services.Broker().PublishAsync(Event, payload);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        await publishing;

        Assert.InRange(allocated, 1_000_000, 1_100_000);
    }
}
