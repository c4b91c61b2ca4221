namespace Ductape.MassTransit.Benchmarks;

/// <summary>MassTransit as its documentation shows it: a bus, a receive endpoint, a consumer of a record.</summary>
internal sealed class PlainMassTransit : IContender, IConsumer<Order>
{
    private const string Queue = "plain-orders";
    private const string DefaultsQueue = "plain-default-orders";

    private readonly IBusControl _bus;

    private PlainMassTransit(string name, Func<PlainMassTransit, IBusControl> create)
    {
        Name = name;
        _bus = create(this);
    }

    public string Name { get; }

    public Action<Order> Received { get; set; } = _ => { };

    public static Task<IContender> StartInMemoryAsync(bool retries) => StartAsync(consumer =>
        Bus.Factory.CreateUsingInMemory(x => x.ReceiveEndpoint(Queue, e => Configure(e, consumer, retries))));

    // One queue for both cases: another one bound to the same type would go on to get every order.
    public static Task<IContender> StartRabbitMqAsync(PrivateRabbitMq rabbit, bool retries, int concurrency = Load.Concurrency) =>
        StartAsync(consumer => OnRabbitMq(rabbit, x => x.ReceiveEndpoint(Queue, e => Configure(e, consumer, retries, concurrency))));

    /// <summary>With nothing configured but the address. Its orders have an exchange of their own.</summary>
    public static Task<IContender> StartRabbitMqAsync(PrivateRabbitMq rabbit) => StartAsync(
        consumer => OnRabbitMq(rabbit, x =>
        {
            x.Message<Order>(m => m.SetEntityName(DefaultsQueue));
            x.ReceiveEndpoint(DefaultsQueue + "-queue", e => e.Instance(consumer));
        }),
        "plain MassTransit, nothing configured");

    public Task PublishAsync(Order order) => _bus.Publish(order);

    public Task Consume(ConsumeContext<Order> context)
    {
        Received(context.Message);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _bus.StopAsync();

    private static IBusControl OnRabbitMq(PrivateRabbitMq rabbit, Action<IRabbitMqBusFactoryConfigurator> configure) =>
        Bus.Factory.CreateUsingRabbitMq(x =>
        {
            x.Host("127.0.0.1", (ushort)rabbit.Port, "/", host =>
            {
                host.Username("guest");
                host.Password("guest");
                host.PublisherConfirmation = true;
            });
            configure(x);
        });

    private static async Task<IContender> StartAsync(Func<PlainMassTransit, IBusControl> create, string name = "plain MassTransit")
    {
        LogContext.ConfigureCurrentLogContext(QuietLogging.Factory);
        var plain = new PlainMassTransit(name, create);
        await plain._bus.StartAsync();
        return plain;
    }

    private static void Configure(IReceiveEndpointConfigurator endpoint, PlainMassTransit consumer, bool retries, int concurrency = Load.Concurrency)
    {
        endpoint.PrefetchCount = Load.Prefetch;
        endpoint.ConcurrentMessageLimit = concurrency;
        if (retries)
            endpoint.UseMessageRetry(x => x.Intervals(Load.RetryDelays));
        endpoint.Instance(consumer);
    }
}
