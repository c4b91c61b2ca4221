using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Filters;

/// <summary>Filters of the application's around publishes and deliveries.</summary>
public sealed class FilterTests
{
    private const string Event = OrdersConfiguration.Event;

    [Fact]
    public async Task A_publish_filter_sets_a_header_and_a_delivery_filter_sees_it_before_the_callback()
    {
        await using var app = Start(x => x.AddPublishFilter<TenantHeader>().AddDeliveryFilter<TenantScope>());
        var inbox = new Inbox();
        string? tenant = null;
        await app.Broker().SubscribeAsync(Event, message =>
        {
            tenant = (string?)message.Headers["tenant"];
            return inbox.ReceiveAsync(message);
        });

        var result = await app.Broker().PublishAsync(Event, new { id = 1 }, headers: new Dictionary<string, object?> { ["kept"] = 7 });
        await inbox.HasAsync(1);

        Assert.Equal("acme", tenant);
        Assert.Equal(["publish 7", "deliver acme"], Seen(app));
        Assert.True(result.Success);
    }

    [Fact]
    public async Task They_run_in_the_order_in_which_they_were_added_and_around_each_other()
    {
        await using var app = Start(x => x.AddPublishFilter<Outer>().AddPublishFilter<Inner>().AddDeliveryFilter<Outer>().AddDeliveryFilter<Inner>());
        var inbox = new Inbox();
        await app.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await app.Broker().PublishAsync(Event, 1);
        await inbox.HasAsync(1);

        await Eventually.TrueAsync(() => Seen(app).Length == 8);
        Assert.Equal(["outer", "inner", "/inner", "/outer"], Seen(app).Where(x => x.StartsWith("p ", StringComparison.Ordinal)).Select(x => x[2..]));
        Assert.Equal(["outer", "inner", "/inner", "/outer"], Seen(app).Where(x => x.StartsWith("d ", StringComparison.Ordinal)).Select(x => x[2..]));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("*:*", true)]
    [InlineData("SQSBROKER:*", true)]
    [InlineData("*:new-orders", true)]
    [InlineData("sqsbroker:NEW-orders", true)]
    [InlineData("sqsbroker:other", false)]
    [InlineData("elsewhere:*", false)]
    public async Task They_are_for_the_events_that_their_pattern_names(string events, bool isFor)
    {
        await using var app = Start(x => x.AddPublishFilter<TenantHeader>(events));

        await app.Broker().PublishAsync(Event, 1);

        Assert.Equal(isFor ? 1 : 0, Seen(app).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sqsbroker")]
    [InlineData("sqsbroker:")]
    [InlineData(":topic")]
    [InlineData("a:b:c")]
    [InlineData("sqs*:new-orders")]
    public void A_pattern_that_names_no_events_is_refused_with_the_remedy(string events)
    {
        var error = Assert.Throws<ArgumentException>(() => Start(x => x.AddDeliveryFilter<TenantScope>(events)));

        Assert.Contains("write 'brokerTag:topicTag'", error.Message);
    }

    [Fact]
    public async Task A_payload_is_encrypted_by_one_and_decrypted_by_the_other_and_a_subscriber_class_gets_it_too()
    {
        await using var app = Start(x => x.AddPublishFilter<Cipher>().AddDeliveryFilter<Cipher>().AddSubscriber<OrderSubscriber>());
        var raw = new Inbox();
        foreach (var service in app.GetServices<Microsoft.Extensions.Hosting.IHostedService>())
            await service.StartAsync(CancellationToken.None);
        await app.Broker().SubscribeAsync(Event, raw.ReceiveAsync, subscription: "plain");

        await app.Broker().PublishAsync(Event, new { id = 5 });

        await raw.HasAsync(1);
        await Eventually.TrueAsync(() => app.GetRequiredService<ConcurrentQueue<string>>().Contains("subscriber 5"));
        Assert.Equal(["""{"id":5}"""], raw.Bodies);
        Assert.Contains("sent \"eyJpZCI6NX0=\"", Seen(app));
    }

    [Fact]
    public async Task A_publish_filter_that_answers_itself_sends_nothing()
    {
        await using var app = Start(x => x.AddPublishFilter<Dropping>());
        var inbox = new Inbox();
        await app.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        var result = await app.Broker().PublishAsync(Event, "dropped");
        await app.Broker().PublishAsync(Event, "kept");

        await inbox.HasAsync(1);
        Assert.Equal("nowhere", result.Destination);
        Assert.Equal(["\"kept\""], inbox.Bodies);
    }

    [Fact]
    public async Task A_delivery_filter_that_does_not_go_on_has_handled_the_message()
    {
        await using var app = Start(x => x.AddDeliveryFilter<Dropping>());
        var inbox = new Inbox();
        await app.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await app.Broker().PublishAsync(Event, "dropped");
        await app.Broker().PublishAsync(Event, "kept");

        await inbox.HasAsync(1);
        Assert.Equal(["\"kept\""], inbox.Bodies);
        Assert.Equal(0, await app.GetRequiredService<IDeadLetters>().CountAsync(Event));
    }

    [Fact]
    public async Task A_publish_filter_that_throws_fails_the_publish_and_says_whether_it_was_sent()
    {
        await using var app = Start(x => x.AddPublishFilter<Throwing>());

        var before = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker().PublishAsync(Event, "before"));
        var after = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker().PublishAsync(Event, "after"));
        var own = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker().PublishAsync(Event, "own"));

        Assert.Equal((DuctapeErrorCodes.PublishFailed, Event), (before.Code, before.Event));
        Assert.EndsWith($"the publish filter {typeof(Throwing)} failed: No. Nothing was sent.", before.Message);
        Assert.EndsWith("failed: No. The broker has the message.", after.Message);
        Assert.Equal("TENANT_UNKNOWN", own.Code);
    }

    [Fact]
    public async Task A_publish_filter_that_throws_fails_its_message_of_many_alone()
    {
        await using var app = Start(x => x.AddPublishFilter<Throwing>());

        var error = await Assert.ThrowsAsync<PublishManyException>(() => app.Broker().PublishManyAsync(Event, ["good", "before", "fine"]));

        Assert.Equal([1], error.Failures.Select(x => x.Index));
    }

    [Fact]
    public async Task A_delivery_filter_that_throws_fails_the_attempt_which_is_retried()
    {
        await using var app = Start(x => x.AddDeliveryFilter<FailingOnce>());
        var inbox = new Inbox();
        await app.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await app.Broker().PublishAsync(Event, 1);

        await inbox.HasAsync(1);
        Assert.Equal(["attempt 1", "attempt 2"], Seen(app));
    }

    [Fact]
    public async Task What_a_filter_makes_of_a_message_is_checked_as_what_the_caller_gives()
    {
        await using var app = Start(x => x.AddPublishFilter<Spoiling>());

        foreach (var (message, code, part) in new[]
        {
            ("no json", DuctapeErrorCodes.InvalidInput, "is no JSON"),
            ("null", DuctapeErrorCodes.InvalidInput, "'input.message' is required"),
            ("header", DuctapeErrorCodes.InvalidInput, "'ductape-attempts' is reserved"),
            ("nothing", DuctapeErrorCodes.PublishFailed, "handed on null"),
            ("no result", DuctapeErrorCodes.PublishFailed, "returned null"),
            ("twice", DuctapeErrorCodes.PublishFailed, "after the message was sent"),
        })
        {
            var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker().PublishAsync(Event, message));
            Assert.Equal((code, true), (error.Code, error.Message.Replace("input.headers.", "", StringComparison.Ordinal).Contains(part, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_scoped_filter_is_of_the_scope_of_the_broker_and_of_the_message()
    {
        await using var app = Start(
            x => x.AddPublishFilter<Scoped>().AddDeliveryFilter<Scoped>(),
            x => x.AddScoped<Scoped>().AddScoped<Number>());
        var inbox = new Inbox();
        await app.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await using (var scope = app.CreateAsyncScope())
        {
            var number = scope.ServiceProvider.GetRequiredService<Number>().Value;
            await scope.ServiceProvider.GetRequiredService<IScopedMessageBroker>().PublishAsync(Event, 1);
            Assert.Equal($"publish {number}", Seen(app)[0]);
        }

        await app.Broker().PublishAsync(Event, 2);
        await app.Broker().PublishAsync(Event, 3);
        await inbox.HasAsync(3);

        Assert.Equal(6, Seen(app).Distinct().Count());
        Assert.Equal(6, Seen(app).Length);
    }

    [Fact]
    public async Task A_caller_that_gives_up_a_publish_that_others_share_waits_for_the_filters_in_its_scope()
    {
        await using var app = Start(x => x.AddPublishFilter<Waiting>(), x => x.AddScoped<Waiting>().AddScoped<Mortal>().AddSingleton<Gate>());
        var gate = app.GetRequiredService<Gate>();
        using var cancellation = new CancellationTokenSource();
        var scope = app.CreateAsyncScope();
        var mortal = scope.ServiceProvider.GetRequiredService<Mortal>();
        var first = scope.ServiceProvider.GetRequiredService<IScopedMessageBroker>()
            .PublishAsync(Event, 1, idempotencyKey: "k", cancellationToken: cancellation.Token);
        await gate.IsReached.Task.WaitAsync(PublishAndReceive.Deadline);
        var second = app.Broker().PublishAsync(Event, 1, idempotencyKey: "k");

        await cancellation.CancelAsync();
        var ended = EndAsync();
        gate.Opens.SetResult();

        Assert.True((await second.WaitAsync(PublishAndReceive.Deadline)).Success);
        await ended.WaitAsync(PublishAndReceive.Deadline);
        Assert.Equal(["alive"], Seen(app));
        Assert.True(mortal.IsDead);

        async Task EndAsync()
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            await scope.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_publish_that_is_answered_from_an_earlier_one_and_a_replay_pass_no_publish_filter()
    {
        await using var app = Start(x => x.AddPublishFilter<TenantHeader>());
        var isBroken = true;
        var inbox = new Inbox();
        await app.Broker().SubscribeAsync(Event, message => isBroken ? throw new DuctapeException(DuctapeErrorCodes.InvalidInput, "No.") : inbox.ReceiveAsync(message));

        await app.Broker().PublishAsync(Event, 1, idempotencyKey: "one");
        await app.Broker().PublishAsync(Event, 1, idempotencyKey: "one");
        var letters = app.GetRequiredService<IDeadLetters>();
        await Eventually.TrueAsync(async () => await letters.CountAsync(Event) == 1);
        isBroken = false;
        await letters.ReplayAsync(Event, DeadLetterSelection.All);
        await inbox.HasAsync(1);

        Assert.Equal(["publish "], Seen(app));
    }

    private static ServiceProvider Start(Action<IDuctapeMessageBrokerBuilder> add, Action<IServiceCollection>? more = null)
    {
        var builder = TestServices.With(OrdersConfiguration.With(($"{OrdersConfiguration.Broker}:Topics:other", "{}"))).AddDuctapeMessageBroker();
        builder.Services.AddSingleton<ConcurrentQueue<string>>();
        more?.Invoke(builder.Services);
        add(builder);
        return builder.Services.BuildServiceProvider(validateScopes: true);
    }

    private static string[] Seen(IServiceProvider services) => [.. services.GetRequiredService<ConcurrentQueue<string>>()];

    public sealed record Order(int Id);

    public sealed class Number
    {
        private static int _last;

        public int Value { get; } = Interlocked.Increment(ref _last);
    }

    public sealed class Gate
    {
        public TaskCompletionSource IsReached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Opens { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Mortal : IDisposable
    {
        public bool IsDead { get; private set; }

        public void Dispose() => IsDead = true;
    }

    public sealed class Waiting(Gate gate, Mortal mortal, ConcurrentQueue<string> seen) : IPublishFilter
    {
        public async Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken)
        {
            gate.IsReached.TrySetResult();
            await gate.Opens.Task.WaitAsync(cancellationToken);
            seen.Enqueue(mortal.IsDead ? "dead" : "alive");
            return await next(message);
        }
    }

    [Subscribe(OrdersConfiguration.Event)]
    public sealed class OrderSubscriber(ConcurrentQueue<string> seen) : ISubscriber<Order>
    {
        public Task HandleAsync(Order payload, ReceivedMessage message)
        {
            seen.Enqueue($"subscriber {payload.Id}");
            return Task.CompletedTask;
        }
    }

    public sealed class TenantHeader(ConcurrentQueue<string> seen) : IPublishFilter
    {
        public Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken)
        {
            seen.Enqueue($"publish {(message.Headers.TryGetValue("KEPT", out var kept) ? kept : "")}");
            message.Headers["tenant"] = "acme";
            return next(message);
        }
    }

    public sealed class TenantScope(ConcurrentQueue<string> seen) : IDeliveryFilter
    {
        public Task DeliverAsync(ReceivedMessage message, DeliveryNext next)
        {
            seen.Enqueue($"deliver {message.Headers["tenant"]}");
            return next(message);
        }
    }

    public sealed class Outer(ConcurrentQueue<string> seen) : Around(seen, "outer");

    public sealed class Inner(ConcurrentQueue<string> seen) : Around(seen, "inner");

    public abstract class Around(ConcurrentQueue<string> seen, string name) : IPublishFilter, IDeliveryFilter
    {
        public async Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken)
        {
            seen.Enqueue($"p {name}");
            var result = await next(message);
            seen.Enqueue($"p /{name}");
            return result;
        }

        public async Task DeliverAsync(ReceivedMessage message, DeliveryNext next)
        {
            seen.Enqueue($"d {name}");
            await next(message);
            seen.Enqueue($"d /{name}");
        }
    }

    /// <summary>Base64 in the place of a cipher.</summary>
    public sealed class Cipher(ConcurrentQueue<string> seen) : IPublishFilter, IDeliveryFilter
    {
        public Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken)
        {
            var sent = JsonSerializer.SerializeToUtf8Bytes(Convert.ToBase64String(message.Body.Span));
            seen.Enqueue($"sent {Encoding.UTF8.GetString(sent)}");
            return next(message.WithBody(sent));
        }

        public Task DeliverAsync(ReceivedMessage message, DeliveryNext next) =>
            next(message.WithBody(Convert.FromBase64String(message.As<string>())));
    }

    public sealed class Dropping : IPublishFilter, IDeliveryFilter
    {
        public Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken) =>
            Encoding.UTF8.GetString(message.Body.Span) != "\"dropped\""
                ? next(message)
                : Task.FromResult(new PublishResult
                {
                    MessageId = message.MessageId,
                    ProcessId = Guid.Parse(message.MessageId),
                    Event = message.Event,
                    Env = message.Env,
                    ProductTag = message.ProductTag,
                    BrokerType = BrokerTypes.InMemory,
                    Destination = "nowhere",
                    SentAt = DateTimeOffset.UnixEpoch,
                });

        public Task DeliverAsync(ReceivedMessage message, DeliveryNext next) =>
            message.As<string>() == "dropped" ? Task.CompletedTask : next(message);
    }

    public sealed class Throwing : IPublishFilter
    {
        public async Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken)
        {
            var text = Encoding.UTF8.GetString(message.Body.Span);
            if (text == "\"own\"")
                throw new DuctapeException("TENANT_UNKNOWN", "who?");
            if (text == "\"before\"")
                throw new InvalidOperationException("No.");

            var result = await next(message);
            return text == "\"after\"" ? throw new InvalidOperationException("No.") : result;
        }
    }

    public sealed class FailingOnce(ConcurrentQueue<string> seen) : IDeliveryFilter
    {
        public Task DeliverAsync(ReceivedMessage message, DeliveryNext next)
        {
            seen.Enqueue($"attempt {message.Attempt}");
            return message.Attempt == 1 ? throw new InvalidOperationException("The first attempt fails on purpose.") : next(message);
        }
    }

    public sealed class Scoped(ConcurrentQueue<string> seen, Number number) : IPublishFilter, IDeliveryFilter
    {
        public Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken)
        {
            seen.Enqueue($"publish {number.Value}");
            return next(message);
        }

        public Task DeliverAsync(ReceivedMessage message, DeliveryNext next)
        {
            seen.Enqueue($"deliver {number.Value}");
            return next(message);
        }
    }

    public sealed class Spoiling : IPublishFilter
    {
        public async Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken)
        {
            switch (JsonSerializer.Deserialize<string>(message.Body.Span))
            {
                case "no json":
                    return await next(message.WithBody("{"u8.ToArray()));
                case "null":
                    return await next(message.WithBody("null"u8.ToArray()));
                case "header":
                    message.Headers["ductape-attempts"] = 7;
                    return await next(message);
                case "nothing":
                    return await next(null!);
                case "no result":
                    return null!;
                default:
                    await next(message);
                    return await next(message);
            }
        }
    }
}
