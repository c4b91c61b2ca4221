using System.Diagnostics;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.CallWorker;

/// <summary>Brokers on the application's own bus.</summary>
internal static class HostFlow
{
    public static async Task RunAsync()
    {
        await using var app = await StartAsync(x => x.AddMassTransit(bus => bus.UsingInMemory((_, memory) => memory.UseFilter(new ContextFilter()))));
        var (bus, inbox) = (app.Services.GetRequiredService<IBus>(), new Inbox());
        using var traces = new ActivityListener
        {
            ShouldListenTo = x => x.Name == "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(traces);
        await using var subscription = await app.Broker.SubscribeAsync("calls:created", inbox.ReceiveAsync);
        await using var bare = await app.Broker.SubscribeAsync("bare:created", inbox.ReceiveAsync);
        await using var guarded = await app.Broker.SubscribeAsync("calls:billed", inbox.ReceiveAsync);
        await app.Broker.PublishAsync("calls:created", new { id = 1 });
        await inbox.HasAsync(1);
        await bus.CreateRequestClient<ContextUse.Created>().GetResponse<ContextUse.Accepted>(new ContextUse.Created(2));
        bus.GetProbeResult();
    }

    /// <summary>An endpoint that cannot be started, on a bus whose server is not there.</summary>
    public static async Task RunWithoutServerAsync()
    {
        await using var app = await StartAsync(x => x.AddMassTransit(bus => bus.UsingRabbitMq(
            (_, rabbit) => rabbit.Host("127.0.0.1", (ushort)FreePort.Take(), "/", _ => { }))));
        await using var ephemeral = await app.Broker.SubscribeAsync("calls:created", _ => Task.CompletedTask, ephemeral: true);
        await Eventually.TrueAsync(async () => (await app.ReportAsync()).Entries.Values.Any(x => x.Exception is not null));
    }

    private static async Task<ReloadApp> StartAsync(Action<IServiceCollection> configure)
    {
        var configuration = Flow.Configuration(new JsonObject { ["Type"] = BrokerTypes.Host });
        configuration["Ductape"]!["SubscribeTimeout"] = "00:00:01";
        var app = new ReloadApp(configuration, configure: configure, hosted: true);
        await app.Host.StartAsync();
        return app;
    }

    private sealed class ContextFilter : IFilter<ConsumeContext>
    {
        public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
        {
            await ContextUse.UseAsync(context);
            await next.Send(context);
        }

        public void Probe(ProbeContext context)
        {
        }
    }
}
