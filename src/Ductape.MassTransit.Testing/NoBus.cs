namespace Ductape.MassTransit.Testing;

/// <summary>Says that a test message has no bus to send through.</summary>
internal sealed class NoBus : ISendEndpointProvider, IPublishEndpointProvider
{
    public static readonly NoBus Instance = new();

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => Task.FromException<ISendEndpoint>(Refusal());

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => Task.FromException<ISendEndpoint>(Refusal());

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => throw Refusal();

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => throw Refusal();

    private static NotSupportedException Refusal() =>
        new("A test message has no bus: give the code under test an IMessageBroker, for example a RecordingMessageBroker.");
}
