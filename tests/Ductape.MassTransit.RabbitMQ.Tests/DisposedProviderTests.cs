using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// A service provider that is disposed before anything was stopped: what callbacks fail for then is no failure of their
/// messages.
/// </summary>
public sealed class DisposedProviderTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static JsonObject Topic(string? redelivery = null) => new()
    {
        ["Retry"] = new JsonObject { ["Count"] = 0 },
        ["Redelivery"] = redelivery is null ? [] : new JsonArray(redelivery),
        ["Concurrency"] = 1,
    };

    [Theory]
    [InlineData(null)]
    [InlineData("00:10:00")]
    public async Task A_callback_that_misses_it_leaves_its_message_in_the_queue(string? redelivery)
    {
        var app = Start(Topic(redelivery));
        var (entered, release, inbox) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox());
        await app.Broker.SubscribeAsync(Created, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
            app.Services.GetRequiredService<IBrokerCatalog>();
        });
        for (var i = 0; i < 3; i++)
            await app.Broker.PublishAsync(Created, i);
        await entered.Task.WaitAsync(Deadline);

        var disposing = app.DisposeAsync().AsTask();
        await Eventually.TrueAsync(() => IsGone(app.Services), Deadline);
        release.SetResult();
        await disposing.WaitAsync(Deadline);

        await Eventually.TrueAsync(async () =>
            (await Node.ControlAsync("list_queues", "name", "messages_ready", "messages_unacknowledged")).Contains($"{ShopQueue}\t3\t0\n"), Deadline);
        var next = Start(Topic(redelivery));
        await next.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await inbox.HasAsync(3, Deadline);
        Assert.All(inbox.Letters, x => Assert.Equal((1, 0), (x.Attempt, x.Redeliveries)));
        Assert.Equal(0, await next.DeadLetters.CountAsync(Created));
    }

    [Fact]
    public async Task A_host_that_fails_while_it_starts_loses_no_message_to_the_errors()
    {
        const string created = "leaving:created";
        await using var before = App();
        await using (await before.Broker.SubscribeAsync(created, _ => Task.CompletedTask))
        {
        }

        for (var i = 0; i < 20; i++)
            await before.Broker.PublishAsync(created, i);
        var leaver = new Leaver(Node);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Json())));
        builder.Services.AddSingleton(leaver);
        builder.Services.AddDuctapeMessageBroker().AddRabbitMq().AddSubscriber<Desk>();
        builder.Services.AddHostedService<Failing>();
        // Made last, so disposed first: while it is, the subscriptions go on without a provider.
        builder.Services.AddSingleton<SlowToGo>();
        using (var host = builder.Build())
            await Assert.ThrowsAsync<InvalidDataException>(() => host.StartAsync());

        var rest = new Inbox();
        await using var after = App();
        await after.Broker.SubscribeAsync(created, rest.ReceiveAsync);
        await Eventually.TrueAsync(() => leaver.Handled.Select(x => $"{x}").Concat(rest.Bodies).Distinct().Count() == 20, Deadline);
        Assert.Equal(0, await after.DeadLetters.CountAsync(created));
        Assert.NotEmpty(rest.Bodies);

        ConformanceApp App() => new((JsonObject)JsonNode.Parse(Json())!, x => x.AddRabbitMq());

        string Json() => ConformanceApp.Configuration(Fixture.Env(), Topic(), "leaving").ToJsonString();
    }

    private static bool IsGone(IServiceProvider services)
    {
        try
        {
            services.GetService<IBrokerCatalog>();
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>What the parts of the application that fails have in common.</summary>
    public sealed class Leaver(RabbitMqNode node)
    {
        public RabbitMqNode Node => node;

        public ConcurrentBag<int> Handled { get; } = [];

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [Subscribe("leaving:created")]
    public sealed class Desk(Leaver leaver) : ISubscriber<int>
    {
        public async Task HandleAsync(int payload, ReceivedMessage message)
        {
            leaver.Entered.TrySetResult();
            await leaver.Release.Task;
            leaver.Handled.Add(payload);
        }
    }

    public sealed class Failing(Leaver leaver, IServiceProvider services) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<SlowToGo>();
            await leaver.Entered.Task.WaitAsync(cancellationToken);
            throw new InvalidDataException("The application cannot start.");
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    public sealed class SlowToGo(Leaver leaver) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            leaver.Release.TrySetResult();
            // The callback in flight is acknowledged, so the next message has begun.
            await Eventually.TrueAsync(async () =>
                !(await leaver.Node.ControlAsync("list_queues", "name", "messages")).Contains("shop-leaving-created-test\t20\n"), Deadline);
        }
    }
}
