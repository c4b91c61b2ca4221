namespace Ductape.MassTransit;

/// <summary>
/// The same broker, bound to a dependency injection scope: routes of type <see cref="BrokerTypes.Host"/> are published
/// through the scope's <c>IPublishEndpoint</c>, so that MassTransit's transactional outbox holds the message until the
/// transaction commits. Every other route behaves as with <see cref="IMessageBroker"/>. Resolve it from the scope of
/// the request or message.
/// </summary>
/// <remarks>
/// Publish filters that are not singletons come from the scope too. Other callers may share a publish with
/// <see cref="MessageBrokerPublishInput.Cache"/> or <see cref="PublishInput.IdempotencyKey"/>: a call that is cancelled
/// meanwhile returns when the filters are through with the scope.
/// </remarks>
public interface IScopedMessageBroker : IMessageBroker;
