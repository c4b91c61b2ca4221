using System.Text;
using System.Text.Json;
using Ductape.MassTransit.Testing;

namespace Ductape.MassTransit.Tests.Testing;

public class TestMessageTests
{
    private sealed record Order(string OrderId);

    [Fact]
    public void A_message_has_what_was_given()
    {
        var (id, process, at) = (Guid.NewGuid(), Guid.NewGuid(), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        using var gone = new CancellationTokenSource();

        var message = TestMessage.Of(new Order("1"), "orders:created", "shop", "dev",
            new Dictionary<string, object?> { ["tenant"] = "acme", ["count"] = 3, ["on"] = true, ["none"] = null },
            partitionKey: "customer-7", attempt: 3, redeliveries: 2, replays: 1, messageId: id.ToString(), processId: process, sentAt: at, cancellationToken: gone.Token);

        Assert.Equal(("orders:created", "shop", "dev"), (message.Event, message.ProductTag, message.Env));
        Assert.Equal(new Order("1"), message.As<Order>());
        Assert.Equal("""{"orderId":"1"}""", Encoding.UTF8.GetString(message.Body.Span));
        Assert.Equal("1", message.Json.GetProperty("orderId").GetString());
        Assert.Equal([("count", 3L), ("on", true), ("tenant", "acme")], message.Headers.OrderBy(x => x.Key).Select(x => (x.Key, x.Value!)));
        Assert.Equal((3, 2, 1, "customer-7"), (message.Attempt, message.Redeliveries, message.Replays, message.PartitionKey));
        Assert.Equal((id.ToString(), process, at), (message.MessageId, message.ProcessId!.Value, message.SentAt!.Value));
        Assert.Null(message.Session);
        Assert.False(message.CancellationToken.IsCancellationRequested);
        gone.Cancel();
        Assert.True(message.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public void With_nothing_given_it_is_a_first_attempt_with_ids()
    {
        var message = TestMessage.Of("text");

        Assert.Equal(("test:message", "test", "test", 1, 0, 0), (message.Event, message.ProductTag, message.Env, message.Attempt, message.Redeliveries, message.Replays));
        Assert.NotNull(message.MessageId);
        Assert.NotNull(message.SentAt);
        Assert.Empty(message.Headers);
        Assert.Null(message.PartitionKey);
        Assert.Equal("text", message.As<string>());
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Assert.Throws<DuctapeException>(() => message.As<int>()).Code);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_session_is_what_the_callback_sees(bool isVerified, bool hasClaims)
    {
        var expires = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        var session = TestMessage.Of(1, session: new TestSession
        {
            Tag = "web",
            User = "jane",
            Id = "s-1",
            ExpiresAt = expires,
            Claims = hasClaims ? new { userId = "jane" } : null,
            IsVerified = isVerified,
        }).Session!;

        Assert.Equal(("web", "jane", "s-1", expires, isVerified), (session.Tag, session.User, session.Id, session.ExpiresAt!.Value, session.IsVerified));
        Assert.Equal(hasClaims ? """{"userId":"jane"}""" : null, session.Claims?.GetRawText());
    }

    [Fact]
    public void Bytes_are_passed_through_and_options_are_used()
    {
        Assert.Equal("""{ "a" : 1 }""", Encoding.UTF8.GetString(TestMessage.Of("""{ "a" : 1 }"""u8.ToArray()).Body.Span));
        Assert.Equal("""{"OrderId":"1"}""",
            Encoding.UTF8.GetString(TestMessage.Of(new Order("1"), serializerOptions: JsonSerializerOptions.Default).Body.Span));
    }

    [Fact]
    public void What_no_publish_could_have_sent_is_refused()
    {
        static string Code(Action make) => Assert.Throws<DuctapeException>(make).Code;

        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(null!)));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of("{"u8.ToArray())));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(1, headers: new Dictionary<string, object?> { ["ductape-x"] = 1 })));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(1, headers: new Dictionary<string, object?> { ["x"] = new object() })));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(1, attempt: 0)));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(1, attempt: 1_000_002)));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(1, redeliveries: 21)));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(1, redeliveries: -1)));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(1, replays: 1_000_001)));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(1, partitionKey: new string('k', 129))));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(1, " ")));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, Code(() => TestMessage.Of(1, null!)));
        Assert.Equal(DuctapeErrorCodes.InvalidEvent, Code(() => TestMessage.Of(1, "orders")));
        var error = Assert.Throws<DuctapeException>(() => TestMessage.Of(1, "orders:created", "shop", "dev", attempt: 0));
        Assert.Equal(("orders:created", "dev", "shop"), (error.Event, error.Env, error.ProductTag));
        var most = TestMessage.Of(1, attempt: 1_000_001, redeliveries: 20, replays: 1_000_000);
        Assert.Equal((1_000_001, 20, 1_000_000), (most.Attempt, most.Redeliveries, most.Replays));
    }

    [Fact]
    public async Task Its_context_has_no_bus_and_says_so()
    {
        var message = TestMessage.Of(1);

        var error = await Assert.ThrowsAsync<NotSupportedException>(
            () => message.ConsumeContext.Publish(new Order("1"), TestContext.Current.CancellationToken));

        Assert.Contains("RecordingMessageBroker", error.Message);
    }
}
