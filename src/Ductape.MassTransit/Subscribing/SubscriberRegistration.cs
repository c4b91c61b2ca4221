using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Subscribing;

/// <summary>One event of one registered <see cref="ISubscriber{T}"/>.</summary>
internal sealed class SubscriberRegistration(
    Type subscriberType, SubscribeAttribute attribute, Func<object, ReceivedMessage, Task> invoke)
{
    public Type SubscriberType => subscriberType;

    public static IEnumerable<SubscriberRegistration> Of(Type type)
    {
        var contracts = type.GetInterfaces()
            .Where(x => x.IsGenericType && x.GetGenericTypeDefinition() == typeof(ISubscriber<>)).ToArray();
        var attributes = type.GetCustomAttributes(typeof(SubscribeAttribute), false).Cast<SubscribeAttribute>().ToArray();
        if (contracts.Length != 1)
        {
            throw new ArgumentException(
                $"{type} implements ISubscriber<T> {contracts.Length} times; implement it once, for the type of its payload.");
        }

        if (attributes.Length == 0)
            throw new ArgumentException($"{type} does not say what it subscribes to; add [Subscribe(\"brokerTag:topicTag\")].");

        var invoke = typeof(SubscriberRegistration).GetMethod(nameof(Invoker),
            System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(contracts[0].GetGenericArguments()[0])
            .CreateDelegate<Func<Func<object, ReceivedMessage, Task>>>()();
        return attributes.Select(x => new SubscriberRegistration(type, x, invoke));
    }

    public MessageBrokerSubscribeInput ToInput(IServiceScopeFactory scopes) => new()
    {
        Event = attribute.Event,
        Env = attribute.Env,
        ProductTag = attribute.Product,
        Input = new SubscribeInput
        {
            Subscription = attribute.Subscription,
            Ephemeral = attribute.Ephemeral,
            Callback = async message =>
            {
                // A filter may have begun the message's scope.
                if (message.Services is { } services)
                {
                    await invoke(services.GetRequiredService(subscriberType), message).ConfigureAwait(false);
                    return;
                }

                await using var scope = scopes.CreateAsyncScope();
                await invoke(scope.ServiceProvider.GetRequiredService(subscriberType), message).ConfigureAwait(false);
            },
        },
    };

    private static Func<object, ReceivedMessage, Task> Invoker<T>() =>
        (subscriber, message) => ((ISubscriber<T>)subscriber).HandleAsync(message.As<T>(), message);
}
