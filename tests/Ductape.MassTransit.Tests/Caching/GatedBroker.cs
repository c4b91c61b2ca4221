using Ductape.MassTransit.Conformance;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Tests.Caching;

/// <summary>An application whose own bus runs a piece of the test's code for every message that is sent.</summary>
public sealed class GatedBroker : IAsyncDisposable
{
    private readonly IHost _host;
    private int _sends;

    private GatedBroker((string Path, string Json)[] changes)
    {
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Services.AddSingleton(TestServices.Configuration(OrdersConfiguration.With(
        [
            ($"{OrdersConfiguration.Dev}:Type", "\"HOST\""),
            ($"{OrdersConfiguration.Product}:Caches:orders-cache", """{ "Expiry": 60000 }"""),
            .. changes,
        ])));
        application.Services.AddMassTransit(x => x.UsingInMemory((context, bus) =>
        {
            bus.ConfigurePublish(pipe => pipe.UseExecuteAsync(async message =>
            {
                Interlocked.Increment(ref _sends);
                await OnSend(message);
            }));
            bus.ConfigureEndpoints(context);
        }));
        application.Services.AddDuctapeMessageBroker();
        _host = application.Build();
    }

    public Func<PublishContext, Task> OnSend { get; set; } = _ => Task.CompletedTask;

    /// <summary>How many messages were begun to be sent.</summary>
    public int Sends => Volatile.Read(ref _sends);

    public IServiceProvider Services => _host.Services;

    public IMessageBroker Broker => _host.Services.Broker();

    public static async Task<GatedBroker> StartAsync(params (string Path, string Json)[] changes)
    {
        var broker = new GatedBroker(changes);
        await broker._host.StartAsync().WaitAsync(PublishAndReceive.Deadline);
        return broker;
    }

    public Task HasBegunAsync() => Eventually.TrueAsync(() => Sends > 0);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
