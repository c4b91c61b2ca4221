using System.Collections.Concurrent;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Filters;

/// <summary>Delivery filters that do what they should not.</summary>
public sealed class DeliveryFilterFaultTests
{
    private const string Event = OrdersConfiguration.Event;

    [Fact]
    public async Task What_comes_after_a_filter_fails_as_the_task_that_next_returns()
    {
        var seen = new ConcurrentQueue<string>();
        await using var app = Start(message =>
        {
            seen.Enqueue($"attempt {message.Attempt}");
            return Task.CompletedTask;
        }, async (message, next) =>
        {
            var running = next(message);
            seen.Enqueue("handed on");
            await running;
        });
        await app.Broker().SubscribeAsync(Event, message => message.Attempt == 1 ? throw new InvalidOperationException("The first attempt fails on purpose.") : Task.CompletedTask);

        await app.Broker().PublishAsync(Event, 1);

        await Eventually.TrueAsync(() => seen.Count == 4);
        Assert.Equal(["attempt 1", "handed on", "attempt 2", "handed on"], seen);
    }

    [Fact]
    public async Task One_that_returns_no_task_is_named_in_the_dead_letter()
    {
        await using var app = Start(_ => Task.CompletedTask, (_, _) => null!);
        await app.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);

        await app.Broker().PublishAsync(Event, 1);

        var letters = app.GetRequiredService<IDeadLetters>();
        await Eventually.TrueAsync(async () => await letters.CountAsync(Event) == 1);
        Assert.Contains($"The delivery filter {typeof(Stepping)} returned null", (await letters.PeekAsync(Event))[0].ExceptionMessage);
    }

    private static ServiceProvider Start(Func<ReceivedMessage, Task> before, Func<ReceivedMessage, DeliveryNext, Task> step) => TestProvider.Build(
        OrdersConfiguration.With(($"{OrdersConfiguration.Topic}:Retry", """{ "Count": 1, "InitialDelay": "00:00:00.001" }""")),
        x =>
        {
            x.Services.AddSingleton(new Stepping(before, step));
            x.AddDeliveryFilter<Stepping>();
        });

    private sealed class Stepping(Func<ReceivedMessage, Task> before, Func<ReceivedMessage, DeliveryNext, Task> step) : IDeliveryFilter
    {
        public Task DeliverAsync(ReceivedMessage message, DeliveryNext next)
        {
            _ = before(message);
            return step(message, next);
        }
    }
}
