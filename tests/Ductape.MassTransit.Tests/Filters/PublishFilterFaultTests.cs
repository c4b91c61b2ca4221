using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Filters;

/// <summary>Publish filters that do what they should not, or what is theirs to do in an odd way.</summary>
public sealed class PublishFilterFaultTests
{
    private const string Event = OrdersConfiguration.Event;

    private delegate Task<PublishResult> Step(OutgoingMessage message, PublishNext next);

    [Fact]
    public async Task A_message_that_is_handed_on_twice_at_once_is_sent_once()
    {
        var goOn = new TaskCompletionSource();
        var faults = new List<string>();
        var sent = "";
        await using var app = Start(
            async (message, next) =>
            {
                var first = next(message.WithBody("1"u8.ToArray()));
                var second = next(message.WithBody("2"u8.ToArray()));
                goOn.SetResult();
                PublishResult? result = null;
                foreach (var (body, sending) in new[] { ("1", first), ("2", second) })
                {
                    try
                    {
                        result = await sending;
                        sent += body;
                    }
                    catch (DuctapeException exception)
                    {
                        faults.Add(exception.Message);
                    }
                }

                return result!;
            },
            // Both are on their way before either is sent.
            async (message, next) =>
            {
                await goOn.Task;
                return await next(message);
            });
        var inbox = new Inbox();
        await app.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await app.Broker().PublishAsync(Event, 0);
        await inbox.HasAsync(1);

        Assert.Contains("a publish filter called 'next' again", Assert.Single(faults));
        Assert.Equal([sent], inbox.Bodies);
    }

    [Fact]
    public async Task A_message_may_be_handed_on_again_after_that_failed_and_keeps_its_ids()
    {
        string? id = null;
        await using var app = Start(async (message, next) =>
        {
            id = message.MessageId;
            message.Headers["ductape-x"] = 1;
            await Assert.ThrowsAsync<DuctapeException>(() => next(message));
            message.Headers.Remove("ductape-x");
            await Assert.ThrowsAsync<DuctapeException>(() => next(message.WithBody("{"u8.ToArray())));
            return await next(message);
        });
        var inbox = new Inbox();
        await app.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        var result = await app.Broker().PublishAsync(Event, 7);
        await inbox.HasAsync(1);

        Assert.Equal(id, result.MessageId);
        Assert.Equal(["7"], inbox.Bodies);
    }

    [Fact]
    public async Task What_is_handed_on_by_one_that_is_complete_is_not_sent_any_more()
    {
        var goOn = new TaskCompletionSource();
        Task? sending = null;
        var isFirst = true;
        await using var app = Start(
            (message, next) =>
            {
                var handed = next(message);
                if (!isFirst)
                    return handed;
                isFirst = false;
                sending = handed;
                throw new TimeoutException("too slow");
            },
            async (message, next) =>
            {
                await goOn.Task;
                return await next(message);
            });
        var inbox = new Inbox();
        await app.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker().PublishAsync(Event, 1));
        goOn.SetResult();
        var late = await Assert.ThrowsAsync<DuctapeException>(() => sending!);
        await app.Broker().PublishAsync(Event, 2);
        await inbox.HasAsync(1);

        Assert.EndsWith("failed: too slow. Nothing was sent.", error.Message);
        Assert.EndsWith("await 'next'. This call of it sends nothing.", late.Message);
        Assert.Equal(["2"], inbox.Bodies);
    }

    [Fact]
    public async Task One_that_fails_after_the_broker_was_tried_does_not_say_that_nothing_was_sent()
    {
        await using var app = TestProvider.Build(OrdersConfiguration.With(($"{OrdersConfiguration.Topic}:OnUnroutable", "\"fail\""), ($"{OrdersConfiguration.Topic}:Subscribers", "[]")),
            x => Add(x, new First(async (message, next) =>
            {
                await Assert.ThrowsAsync<DuctapeException>(() => next(message));
                throw new InvalidOperationException("given up");
            })));

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker().PublishAsync(Event, 1));

        Assert.EndsWith("failed: given up. The broker may or may not have the message: publish it again, under the same MessageId where you gave it one.", error.Message);
    }

    [Fact]
    public async Task Headers_that_change_while_the_message_is_sent_are_not_sent()
    {
        await using var app = Start(async (message, next) =>
        {
            message.Headers["first"] = 1;
            var sending = next(message);
            message.Headers["ductape-attempts"] = 7;
            message.Headers.Remove("first");
            return await sending;
        });
        var headers = new TaskCompletionSource<IReadOnlyDictionary<string, object?>>();
        await app.Broker().SubscribeAsync(Event, message =>
        {
            headers.TrySetResult(message.Headers);
            return Task.CompletedTask;
        });

        await app.Broker().PublishAsync(Event, 1);

        Assert.Equal(["first"], (await headers.Task.WaitAsync(Eventually.Deadline)).Keys);
    }

    [Fact]
    public async Task Two_names_of_headers_that_differ_in_case_alone_are_one_with_filters_and_without()
    {
        var given = new Dictionary<string, object?>(StringComparer.Ordinal) { ["tenant"] = "a", ["Tenant"] = "b" };
        foreach (var steps in new Step[][] { [], [(message, next) => next(message)] })
        {
            await using var app = Start(steps);
            var tenant = new TaskCompletionSource<object?>();
            await app.Broker().SubscribeAsync(Event, message =>
            {
                tenant.TrySetResult(message.Headers.Single().Value);
                return Task.CompletedTask;
            });

            await app.Broker().PublishAsync(Event, 1, headers: given);

            Assert.Equal("b", await tenant.Task.WaitAsync(Eventually.Deadline));
        }
    }

    [Fact]
    public async Task One_that_returns_no_task_is_named()
    {
        await using var app = Start((_, _) => null!);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker().PublishAsync(Event, 1));

        Assert.Contains($"the publish filter {typeof(First)} returned null", error.Message);
    }

    [Fact]
    public async Task One_that_cannot_be_made_fails_the_publish()
    {
        foreach (var (add, part) in new (Action<IDuctapeMessageBrokerBuilder>, string)[]
        {
            (x => x.AddPublishFilter<Unmade>(), "a publish filter could not be made: The constructor fails on purpose. Nothing was sent."),
            (x => x.AddPublishFilter<Lacking>(), nameof(IUnknown)),
        })
        {
            var builder = TestServices.With(OrdersConfiguration.With()).AddDuctapeMessageBroker();
            add(builder);
            await using var app = builder.Services.BuildServiceProvider();

            var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker().PublishAsync(Event, 1));

            Assert.Equal((DuctapeErrorCodes.PublishFailed, Event), (error.Code, error.Event));
            Assert.Contains(part, error.Message);
        }
    }

    [Fact]
    public async Task A_scope_that_cannot_be_ended_fails_the_publish_and_says_that_it_was_sent()
    {
        await using var app = TestProvider.Build(OrdersConfiguration.With(), x =>
        {
            x.Services.AddTransient<Undisposed>();
            x.AddPublishFilter<Undisposed>();
        });

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker().PublishAsync(Event, 1));

        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.EndsWith("The disposal fails on purpose. The broker has the message.", error.Message);
    }

    private static ServiceProvider Start(params Step[] steps) => TestProvider.Build(OrdersConfiguration.With(), x =>
    {
        if (steps.Length > 0)
            Add(x, new First(steps[0]));
        if (steps.Length > 1)
            Add(x, new Second(steps[1]));
    });

    private static void Add<T>(IDuctapeMessageBrokerBuilder builder, T filter)
        where T : class, IPublishFilter
    {
        builder.Services.AddSingleton(filter);
        builder.AddPublishFilter<T>();
    }

    private sealed class First(Step step) : Stepping(step);

    private sealed class Second(Step step) : Stepping(step);

    private abstract class Stepping(Step step) : IPublishFilter
    {
        public Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken) => step(message, next);
    }

    private interface IUnknown;

    private sealed class Lacking(IUnknown unknown) : Stepping((message, next) => unknown is null ? next(message) : next(message));

    private sealed class Unmade : Stepping
    {
        public Unmade()
            : base((message, next) => next(message)) => throw new InvalidOperationException("The constructor fails on purpose.");
    }

    private sealed class Undisposed() : Stepping((message, next) => next(message)), IAsyncDisposable
    {
        public ValueTask DisposeAsync() => throw new InvalidOperationException("The disposal fails on purpose.");
    }
}
