using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wolverine;
using Wolverine.RabbitMQ;
using Wolverine.Runtime;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// WolverineFx.RabbitMQ at the same guarantee: sends that wait for the confirmation, a listener that acknowledges after
/// handling.
/// </summary>
internal sealed class WolverineContender : IContender
{
    private const string Queue = "wolverine-orders";

    private readonly IHost _host;
    private readonly IWolverineRuntime _runtime;

    private WolverineContender(IHost host)
    {
        _host = host;
        _runtime = host.Services.GetRequiredService<IWolverineRuntime>();
    }

    public string Name => "Wolverine";

    public Action<Order> Received
    {
        get => WolverineOrderHandler.Received;
        set => WolverineOrderHandler.Received = value;
    }

    public static async Task<IContender> StartAsync(PrivateRabbitMq rabbit)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(QuietLogging.Configure);
        builder.UseWolverine(options =>
        {
            options.Discovery.DisableConventionalDiscovery().IncludeType(typeof(WolverineOrderHandler));
            options.UseRabbitMq(new Uri(rabbit.Url)).AutoProvision().ConfigureChannelCreation(x =>
            {
                x.PublisherConfirmationsEnabled = true;
                x.PublisherConfirmationTrackingEnabled = true;
            });
            // Wolverine makes a message persistent only with its durable outbox; the others here publish persistently.
            options.PublishMessage<Order>().ToRabbitQueue(Queue).SendInline().UseInterop((_, mapper) => mapper.MapOutgoingProperty(
                x => x.Id,
                (envelope, properties) => (properties.MessageId, properties.Persistent) = (envelope.Id.ToString(), true)));
            options.ListenToRabbitQueue(Queue).ProcessInline().PreFetchCount(Load.Prefetch).ConsumerDispatchConcurrency(Load.Concurrency);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new WolverineContender(host);
    }

    public Task PublishAsync(Order order) => new MessageBus(_runtime).SendAsync(order).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

/// <summary>Wolverine finds handlers by their type, and calls static ones without making an object.</summary>
public static class WolverineOrderHandler
{
    internal static Action<Order> Received { get; set; } = _ => { };

    public static void Handle(Order order) => Received(order);
}
