namespace Ductape.MassTransit.Transports.Host;

/// <summary>The application's own bus: used, but neither started nor stopped here.</summary>
internal sealed class HostTransportBus(IBus bus) : TransportBus
{
    public override IBus Bus { get; } = bus;

    public override bool HoldsMessages => true;

    // MassTransit's in-memory transport, which the test harness has too, hands an endpoint all there is, and drops what comes while it stops.
    public override bool KeepsEndpointsRunning => Bus.Address.Scheme == "loopback";

    // MassTransit would declare an exchange of RabbitMQ's delayed message plugin, and a server without it closes the connection for that.
    public override bool CanRedeliver => !Bus.Address.Scheme.StartsWith("rabbitmq", StringComparison.OrdinalIgnoreCase);

    // MassTransit queues a publish until the application's bus is started, and supervises that bus itself.
    public override Task<Task<string>> ConnectAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Task<string>>(new TaskCompletionSource<string>().Task);

    // The core references no broker's client, so what RabbitMQ's transport throws is known by its name only.
    public override bool IsUnroutable(Exception exception) => exception.GetType().Name == "MessageReturnedException";

    public override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
