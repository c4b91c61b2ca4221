using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit;

internal sealed class ScopedMessageBroker(MessageBroker broker, IServiceProvider scope) : IScopedMessageBroker
{
    public Task<PublishResult> PublishAsync(MessageBrokerPublishInput data, CancellationToken cancellationToken) =>
        broker.PublishAsync(data, scope.GetService<IPublishEndpoint>(), cancellationToken);

    public Task<ISubscription> SubscribeAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken) =>
        broker.SubscribeAsync(data, cancellationToken);
}
