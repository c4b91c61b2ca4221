using System.Text;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// A stop whose time is up before a callback has ended: its message is another process's, while this one lives on.
/// </summary>
public sealed class GivenUpStopTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Of_a_subscription()
    {
        var (app, other) = (Start(), Start());
        var (entered, never, inbox) = (new TaskCompletionSource<ReceivedMessage>(), new TaskCompletionSource(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, message =>
        {
            entered.TrySetResult(message);
            return never.Task;
        });
        await app.Broker.PublishAsync(Created, 1);
        var message = await entered.Task.WaitAsync(Deadline);
        var cancelled = message.CancellationToken;

        await subscription.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Deadline);
        await other.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await inbox.HasAsync(1, Deadline);
        await Eventually.TrueAsync(() => cancelled.IsCancellationRequested, Deadline);
        // The connection of the others goes on.
        await app.Broker.PublishAsync(Created, 2);
        await inbox.HasAsync(2, Deadline);
        never.SetResult();
    }

    [Fact]
    public async Task Of_a_subscription_whose_queue_has_another_one_in_the_same_process()
    {
        var app = Start();
        var (entered, never, inbox) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, _ =>
        {
            entered.TrySetResult();
            return never.Task;
        });
        await app.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Deadline);

        await subscription.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Deadline);
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await inbox.HasAsync(1, Deadline);
        await app.Broker.PublishAsync(Created, 2);
        await inbox.HasAsync(2, Deadline);
        never.SetResult();
    }

    [Fact]
    public async Task Of_a_host()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(
            ConformanceApp.Configuration(Fixture.Env(), broker: BrokerTag).ToJsonString())));
        builder.Services.Configure<HostOptions>(x => x.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddDuctapeMessageBroker().AddRabbitMq();
        using var host = builder.Build();
        await host.StartAsync();
        var broker = host.Services.GetRequiredService<IMessageBroker>();
        var (entered, never, inbox) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox());
        await broker.SubscribeAsync(Created, _ =>
        {
            entered.TrySetResult();
            return never.Task;
        });
        await broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Deadline);

        await host.StopAsync().WaitAsync(Deadline);
        await Start().Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await inbox.HasAsync(1, Deadline);
        never.SetResult();
    }
}
