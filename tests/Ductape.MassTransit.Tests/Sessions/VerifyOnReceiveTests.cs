using System.Text.Json;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>Messages that somebody put on the broker by other means: what fails never gets to the callback, and is not tried again.</summary>
public class VerifyOnReceiveTests
{
    private static readonly object Proved = new { SigningKey, Selector = "$Session{userId}" };
    private static readonly object Forwarded = new { SigningKey, Selector = "$Session{userId}", Forward = "Token" };

    [Theory]
    [InlineData("ductape-session-user", "admin", "whose proof does not fit: message or session are not what was published.")]
    [InlineData("ductape-session-id", "s-2", "whose proof does not fit: message or session are not what was published.")]
    [InlineData("ductape-session-id", null, "whose proof does not fit: message or session are not what was published.")]
    [InlineData("ductape-session-expires", "2100-01-01T00:00:00Z", "whose proof does not fit: message or session are not what was published.")]
    [InlineData("ductape-session-proof", "AAAA", "whose proof does not fit: message or session are not what was published.")]
    [InlineData("ductape-session-proof", null, "without a proof.")]
    public async Task A_forged_header_is_refused(string header, string? value, string reason)
    {
        await using var app = new HarnessApp(Proved);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x[header] = value);

        Assert.EndsWith($"has a session 'web' {reason}", await app.RefusalAsync());
    }

    [Fact]
    public async Task Another_body_under_the_same_session_is_refused()
    {
        await using var app = new HarnessApp(Proved);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, body: "\"forged\"");

        Assert.Contains("whose proof does not fit", await app.RefusalAsync());
    }

    [Fact]
    public async Task The_same_session_on_another_message_is_refused()
    {
        await using var app = new HarnessApp(Proved);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, messageId: NewId.NextGuid());

        Assert.Contains("whose proof does not fit", await app.RefusalAsync());
    }

    [Fact]
    public async Task A_message_without_the_session_that_the_topic_requires_is_refused()
    {
        await using var app = new HarnessApp(Proved, ($"{Topic}:RequireSession", """["web"]"""));
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x.Clear());

        Assert.EndsWith("has no session, and the topic requires one.", await app.RefusalAsync());
    }

    [Theory]
    [InlineData(true, "has a session that is not among those that the topic requires.")]
    [InlineData(false, "has a session of a type that the product 'my_product' does not have.")]
    public async Task A_session_of_another_type_is_refused(bool required, string reason)
    {
        await using var app = new HarnessApp(Proved, ($"{Topic}:RequireSession", required ? """["web"]""" : "[]"));
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x["ductape-session-tag"] = "other");

        Assert.EndsWith(reason, await app.RefusalAsync());
    }

    [Fact]
    public async Task A_forged_token_is_refused()
    {
        await using var app = new HarnessApp(Forwarded);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x["ductape-session-token"] = ForgedToken.Hmac(app.Claims(), "another signing key of the same length!"));

        Assert.Contains("has a session 'web' whose token has a signature that does not fit", await app.RefusalAsync());
    }

    [Fact]
    public async Task What_a_forwarded_token_says_goes_before_the_other_headers()
    {
        await using var app = new HarnessApp(Forwarded);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x["ductape-session-user"] = "admin");

        await Conformance.Eventually.TrueAsync(() => app.Received.Count == 2);
        Assert.All(app.Received, x => Assert.Equal((true, "user_1", "user_1"), (x.IsVerified, x.User, x.Claims!.Value.GetProperty("userId").GetString())));
    }

    [Fact]
    public async Task What_was_published_passes_also_when_it_comes_twice()
    {
        await using var app = new HarnessApp(Proved);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original);

        await Conformance.Eventually.TrueAsync(() => app.Received.Count == 2);
        Assert.All(app.Received, x => Assert.Equal((true, "user_1"), (x.IsVerified, x.User)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_expiry_is_judged_at_the_time_of_sending(bool forward)
    {
        await using var app = new HarnessApp(forward ? Forwarded : Proved);
        var original = await app.PublishAsync();

        app.Time.Advance(TimeSpan.FromDays(1));
        await app.ReplayAsync(original);

        await Conformance.Eventually.TrueAsync(() => app.Received.Count == 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_expiry_is_judged_at_the_time_of_receiving_where_the_topic_says_so(bool forward)
    {
        await using var app = new HarnessApp(forward ? Forwarded : Proved, ($"{Topic}:VerifyExpiryOnReceive", "true"));
        var original = await app.PublishAsync();

        app.Time.Advance(TimeSpan.FromDays(1));
        await app.ReplayAsync(original);

        Assert.Contains("expired at", await app.RefusalAsync());
    }

    private sealed class HarnessApp(object session, params (string Path, string Json)[] changes) : IAsyncDisposable
    {
        private readonly SessionApp _app = new(Of(session, [($"{Topic}:VerifyOnReceive", "true"), .. changes]),
            more: x => x.AddMassTransitTestHarness());

        private readonly Faults _faults = new();

        public FakeTime Time => _app.Time;

        public List<ReceivedSession> Received { get; } = [];

        private ITestHarness Harness => _app.Services.GetRequiredService<ITestHarness>();

        public Dictionary<string, object?> Claims() => _app.Claims();

        /// <summary>Publishes as it should be, and returns what travelled.</summary>
        public async Task<ConsumeContext> PublishAsync()
        {
            await Harness.Start();
            Harness.Bus.ConnectReceiveObserver(_faults);
            await _app.Broker.SubscribeAsync(OrdersConfiguration.Event, x =>
            {
                lock (Received)
                    Received.Add(x.Session!);
                return Task.CompletedTask;
            });
            await _app.PublishAsync(ForgedToken.Hmac(_app.Claims()), "original");
            await Conformance.Eventually.TrueAsync(() => Received.Count == 1 && Harness.Consumed.Select<TopicMessage>().Any());
            return Harness.Consumed.Select<TopicMessage>().Single().Context;
        }

        /// <summary>The same message again, past the library, with changes; null takes a header out.</summary>
        public Task ReplayAsync(
            ConsumeContext original, Action<Dictionary<string, object?>>? change = null, string body = "\"original\"", Guid? messageId = null)
        {
            var headers = original.Headers.GetAll().ToDictionary(x => x.Key, x => (object?)x.Value);
            change?.Invoke(headers);
            var type = _app.Services.Catalog().FetchRoute(OrdersConfiguration.Event).MessageType;
            return Harness.Bus.Publish(JsonSerializer.Deserialize(body, type)!, type, context =>
            {
                context.MessageId = messageId ?? original.MessageId;
                foreach (var (name, value) in headers.Where(x => x.Value is not null))
                    context.Headers.Set(name, value);
            });
        }

        /// <summary>Why a message was refused, after one attempt and not in the callback.</summary>
        public async Task<string> RefusalAsync()
        {
            await Conformance.Eventually.TrueAsync(() => _faults.Exceptions.Count > 0);
            var error = Assert.IsType<DuctapeException>(Assert.Single(_faults.Exceptions));
            Assert.Equal((DuctapeErrorCodes.SessionInvalid, OrdersConfiguration.Event), (error.Code, error.Event));
            Assert.Single(Received);
            return error.Message;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }

    /// <summary>What MassTransit moved to <c>_error</c>, and why: one exception for each attempt.</summary>
    private sealed class Faults : IReceiveObserver
    {
        public System.Collections.Concurrent.ConcurrentQueue<Exception> Exceptions { get; } = [];

        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class
        {
            Exceptions.Enqueue(exception);
            return Task.CompletedTask;
        }

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
    }
}
