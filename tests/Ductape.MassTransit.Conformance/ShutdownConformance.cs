using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Conformance;

/// <summary>How a host with this broker ends.</summary>
public abstract class ShutdownConformance : MessageBrokerConformance
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static JsonObject LongRetry => new()
    {
        ["Retry"] = new JsonObject { ["Count"] = 3, ["InitialDelay"] = "00:10:00", ["MaxDelay"] = "00:10:00" },
    };

    [Fact]
    public async Task A_host_waits_for_the_callbacks_in_flight_which_can_still_publish()
    {
        var (entered, release, shipped) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox());
        using var host = await StartHostAsync(TimeSpan.FromSeconds(30));
        var broker = host.Services.GetRequiredService<IMessageBroker>();
        PublishResult? result = null;
        await broker.SubscribeAsync(Created, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
            result = await broker.PublishAsync(Shipped, "on the way out");
        });
        await broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Eventually.Deadline);

        var stopping = host.StopAsync();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping.WaitAsync(Eventually.Deadline);

        Assert.NotNull(result);
    }

    [Fact]
    public async Task A_callback_that_never_ends_does_not_hold_the_host_past_its_timeout()
    {
        var entered = new TaskCompletionSource();
        using var host = await StartHostAsync(TimeSpan.FromSeconds(1));
        var broker = host.Services.GetRequiredService<IMessageBroker>();
        await broker.SubscribeAsync(Created, async _ =>
        {
            entered.TrySetResult();
            await new TaskCompletionSource().Task;
        });
        await broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Eventually.Deadline);

        var watch = Stopwatch.StartNew();
        await host.StopAsync().WaitAsync(Eventually.Deadline);

        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.5), $"The host gave up after {watch.Elapsed}.");
    }

    [Fact]
    public async Task After_the_host_has_stopped_a_publish_fails_and_says_why()
    {
        using var host = await StartHostAsync(TimeSpan.FromSeconds(30));
        var broker = host.Services.GetRequiredService<IMessageBroker>();
        await broker.PublishAsync(Created, 1);

        await host.StopAsync();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => broker.PublishAsync(Created, 2));
        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.Contains("stopped", error.Message);
    }

    [Fact]
    public async Task A_host_does_not_wait_for_the_next_attempt()
    {
        var failed = new TaskCompletionSource();
        using var host = await StartHostAsync(TimeSpan.FromMinutes(10), LongRetry);
        var broker = host.Services.GetRequiredService<IMessageBroker>();
        await broker.SubscribeAsync(Created, _ =>
        {
            failed.TrySetResult();
            throw new InvalidOperationException("Not yet.");
        });
        await broker.PublishAsync(Created, 1);
        await failed.Task.WaitAsync(Deadline);

        await host.StopAsync().WaitAsync(Deadline);
    }

    [Fact]
    public async Task What_waits_for_its_next_attempt_when_its_subscription_stops_reaches_the_next_one()
    {
        var (failed, inbox) = (new TaskCompletionSource(), new Inbox());
        var app = Start(LongRetry);
        var first = await app.Broker.SubscribeAsync(Created, _ =>
        {
            failed.TrySetResult();
            throw new InvalidOperationException("Not yet.");
        });
        await app.Broker.PublishAsync(Created, 1);
        await failed.Task.WaitAsync(Deadline);

        await first.StopAsync().WaitAsync(Deadline);
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await inbox.HasAsync(1, Deadline);
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
    }

    private async Task<IHost> StartHostAsync(TimeSpan shutdownTimeout, JsonObject? topic = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var json = ConformanceApp.Configuration(Env(), topic, BrokerTag).ToJsonString();
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        builder.Services.Configure<HostOptions>(x => x.ShutdownTimeout = shutdownTimeout);
        AddTransport(builder.Services.AddDuctapeMessageBroker());
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
