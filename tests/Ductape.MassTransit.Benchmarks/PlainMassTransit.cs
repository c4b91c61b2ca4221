namespace Ductape.MassTransit.Benchmarks;

/// <summary>MassTransit as its documentation shows it: a bus, a receive endpoint, a consumer of a record.</summary>
internal sealed class PlainMassTransit : IContender, IConsumer<Order>
{
    private const string Queue = "plain-orders";

    private readonly IBusControl _bus;

    private PlainMassTransit(Func<PlainMassTransit, IBusControl> create) => _bus = create(this);

    public string Name => "plain MassTransit";

    public Action<Order> Received { get; set; } = _ => { };

    public static Task<IContender> StartInMemoryAsync(bool retries) => StartAsync(consumer =>
        Bus.Factory.CreateUsingInMemory(x => x.ReceiveEndpoint(Queue, e => Configure(e, consumer, retries))));

    public static Task<IContender> StartRabbitMqAsync(PrivateRabbitMq rabbit, bool retries) => StartAsync(consumer =>
        Bus.Factory.CreateUsingRabbitMq(x =>
        {
            x.Host("127.0.0.1", (ushort)rabbit.Port, "/", host =>
            {
                host.Username("guest");
                host.Password("guest");
                host.PublisherConfirmation = true;
            });
            // One queue for both cases: another one bound to the same type would go on to get every order.
            x.ReceiveEndpoint(Queue, e => Configure(e, consumer, retries));
        }));

    public Task PublishAsync(Order order) => _bus.Publish(order);

    public Task Consume(ConsumeContext<Order> context)
    {
        Received(context.Message);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _bus.StopAsync();

    private static async Task<IContender> StartAsync(Func<PlainMassTransit, IBusControl> create)
    {
        LogContext.ConfigureCurrentLogContext(QuietLogging.Factory);
        var plain = new PlainMassTransit(create);
        await plain._bus.StartAsync();
        return plain;
    }

    private static void Configure(IReceiveEndpointConfigurator endpoint, PlainMassTransit consumer, bool retries)
    {
        endpoint.PrefetchCount = Load.Prefetch;
        endpoint.ConcurrentMessageLimit = Load.Concurrency;
        if (retries)
            endpoint.UseMessageRetry(x => x.Intervals(Load.RetryDelays));
        endpoint.Instance(consumer);
    }
}
