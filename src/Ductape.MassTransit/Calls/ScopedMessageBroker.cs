using Ductape.MassTransit.Publishing;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Calls;

internal sealed class ScopedMessageBroker(MessageBroker broker, IServiceProvider scope) : IScopedMessageBroker
{
    public Task<PublishResult> PublishAsync(MessageBrokerPublishInput data, CancellationToken cancellationToken) =>
        broker.PublishAsync(data, new PublishScope(scope, FindEndpoint()), cancellationToken);

    public Task<ISubscription> SubscribeAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken) =>
        broker.SubscribeAsync(data, cancellationToken);

    private IPublishEndpoint? FindEndpoint()
    {
        try
        {
            return scope.GetService<IPublishEndpoint>();
        }
        catch (ObjectDisposedException)
        {
            throw new ObjectDisposedException(
                null, $"The scope of this {nameof(IScopedMessageBroker)} was disposed: publish before that, or through {nameof(IMessageBroker)}.");
        }
    }
}
