using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Ductape.MassTransit.Tests.Caching;

/// <summary>
/// The orders application with the caches <c>orders-cache</c> and <c>other-cache</c>, a clock of one's own, and what
/// arrived.
/// </summary>
public sealed class CachingApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public CachingApp(params (string Path, string Json)[] changes)
        : this(_ => { }, changes)
    {
    }

    public CachingApp(Action<IDuctapeMessageBrokerBuilder> more, params (string Path, string Json)[] changes)
    {
        _services = TestProvider.Build(
            OrdersConfiguration.With(
            [
                ($"{OrdersConfiguration.Product}:Caches:orders-cache", """{ "Expiry": 60000 }"""),
                ($"{OrdersConfiguration.Product}:Caches:other-cache", """{ "Expiry": "00:01:00" }"""),
                ($"{OrdersConfiguration.Stg}", """{ "Type": "IN_MEMORY" }"""),
                ($"{OrdersConfiguration.Broker}:Topics:shipped", "{}"),
                .. changes,
            ]),
            x =>
            {
                x.Services.AddSingleton<TimeProvider>(Time);
                more(x);
            });
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public Inbox Inbox { get; } = new();

    public IServiceProvider Services => _services;

    public IMessageBroker Broker => _services.Broker();

    public static async Task<CachingApp> StartAsync(params (string Path, string Json)[] changes)
    {
        var app = new CachingApp(changes);
        await app.Broker.SubscribeAsync(OrdersConfiguration.Event, app.Inbox.ReceiveAsync);
        return app;
    }

    /// <summary>
    /// Whether exactly that many have arrived: another message after them shows that no more were on their way.
    /// </summary>
    public async Task ReceivedAsync(int count)
    {
        // Several callbacks run at once, and no order holds between them.
        await Inbox.HasAsync(count);
        await Broker.PublishAsync(OrdersConfiguration.Event, "the last one");
        await Eventually.TrueAsync(() => Inbox.Bodies.Contains("\"the last one\""));
        Assert.Equal(count, Inbox.Bodies.Count(x => x != "\"the last one\""));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
