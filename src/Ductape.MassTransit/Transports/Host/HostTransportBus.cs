namespace Ductape.MassTransit.Transports.Host;

/// <summary>The application's own bus: used, but neither started nor stopped here.</summary>
internal sealed class HostTransportBus(IBus bus) : TransportBus, IRedeliveringBus, IPublishFaultBus
{
    public override IBus Bus { get; } = bus;

    // MassTransit's in-memory transport, which the test harness has too, hands an endpoint all there is, and drops what
    // comes while it stops.
    public override BusTraits Traits =>
        Bus.Address.Scheme == "loopback" ? BusTraits.HoldsMessages | BusTraits.KeepsEndpointsRunning : BusTraits.HoldsMessages;

    // MassTransit would declare an exchange of RabbitMQ's delayed message plugin, and a server without it closes the
    // connection for that.
    public bool CanRedeliver => !Bus.Address.Scheme.StartsWith("rabbitmq", StringComparison.OrdinalIgnoreCase);

    // MassTransit queues a publish until the application's bus is started, and supervises that bus itself.
    public override Task<Task<string>> ConnectAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Task<string>>(new TaskCompletionSource<string>().Task);

    public Task RedeliverAsync(DelayedMessage message) => DelayedSend.SendAsync(message);

    // The core references no broker's client, so what RabbitMQ's transport throws is known by its name only.
    public PublishFault FindPublishFault(Exception exception) =>
        exception.GetType().Name == "MessageReturnedException" ? PublishFault.Unroutable : PublishFault.Unknown;

    public override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
