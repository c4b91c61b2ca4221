using System.Net.Mime;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace Ductape.MassTransit.Testing;

/// <summary>Where a test message comes from: no bus.</summary>
internal sealed class TestReceiveContext(MessageBody body, CancellationToken cancellationToken) : BasePipeContext(cancellationToken), ReceiveContext
{
    public TimeSpan ElapsedTime => TimeSpan.Zero;

    public Uri InputAddress { get; } = new("loopback://localhost/test");

    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    public bool Redelivered => false;

    public Headers TransportHeaders => EmptyHeaders.Instance;

    public Task ReceiveCompleted => Task.CompletedTask;

    public bool IsDelivered => false;

    public bool IsFaulted => false;

    public ISendEndpointProvider SendEndpointProvider => NoBus.Instance;

    public IPublishEndpointProvider PublishEndpointProvider => NoBus.Instance;

    public bool PublishFaults => false;

    public MessageBody Body => body;

    public Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public Task NotifyFaulted(Exception exception) => Task.CompletedTask;

    public void AddReceiveTask(Task task)
    {
    }
}
