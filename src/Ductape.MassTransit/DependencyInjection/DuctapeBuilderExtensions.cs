using System.Diagnostics.CodeAnalysis;
using Ductape.MassTransit;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Filters;
using Ductape.MassTransit.Subscribing;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What can be added to Ductape's message broker.</summary>
public static class DuctapeBuilderExtensions
{
    /// <summary>
    /// Registers a class that receives events. It is resolved from a scope for every message, and started and stopped
    /// by the host. A second call for the same class does nothing.
    /// </summary>
    /// <typeparam name="T">An <see cref="ISubscriber{T}"/> with one or more <see cref="SubscribeAttribute"/>.
    /// Registered as scoped where it is not registered.</typeparam>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> has no <see cref="SubscribeAttribute"/>, or does
    /// not implement <see cref="ISubscriber{T}"/> exactly once.</exception>
    public static IDuctapeMessageBrokerBuilder AddSubscriber<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] T>(
        this IDuctapeMessageBrokerBuilder builder)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddScoped<T>();
        if (builder.Services.Any(x => x.ImplementationInstance is SubscriberRegistration other && other.SubscriberType == typeof(T)))
            return builder;

        foreach (var registration in SubscriberRegistration.Of(typeof(T)))
            builder.Services.AddSingleton(registration);
        return builder;
    }

    /// <summary>
    /// Registers a transport. A second one for the same broker type is refused when the broker is first used.
    /// </summary>
    public static IDuctapeMessageBrokerBuilder AddTransport<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IDuctapeMessageBrokerBuilder builder)
        where T : class, IBrokerTransport
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IBrokerTransport, T>());
        return builder;
    }

    /// <summary>
    /// Loads brokers from Ductape's own declaration file, <c>ductape/events.json</c>: an array of
    /// <c>{ tag, name, description, envs: [{ slug, type, config }], topics: [{ tag, name, description, sample,
    /// queueUrls }] }</c>. The application's configuration may add to a broker of the file, and wins where both say
    /// something.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file; a relative path is taken from the content root, without a host from the current
    /// directory.</param>
    /// <param name="product">
    /// The product that the brokers belong to. Default: <c>Ductape:Product</c>; a broker that <c>Ductape:Brokers</c>
    /// has too is added to there.
    /// </param>
    public static IDuctapeMessageBrokerBuilder AddDuctapeEventsFile(
        this IDuctapeMessageBrokerBuilder builder, string path, string? product = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        builder.Services.AddSingleton<IPostConfigureOptions<DuctapeOptions>>(x =>
            new LoadEventsFile(path, product, x.GetService<IHostEnvironment>()?.ContentRootPath));
        return builder;
    }

    /// <summary>
    /// Adds a filter that publishes pass through, after those that were added before. It comes from the services: as a
    /// singleton, unless the application registers the class otherwise; one that is scoped or transient is resolved for
    /// each message, from the scope of an <see cref="IScopedMessageBroker"/> or one of its own.
    /// </summary>
    /// <typeparam name="T">The filter.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="events">Which events it is for, <c>brokerTag:topicTag</c>, where either may be <c>*</c>. The start
    /// warns of a pattern that matches no configured event. <value>Default: all.</value></param>
    /// <exception cref="ArgumentException"><paramref name="events"/> is no such pattern.</exception>
    public static IDuctapeMessageBrokerBuilder AddPublishFilter<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IDuctapeMessageBrokerBuilder builder, string? events = null)
        where T : class, IPublishFilter => builder.AddFilter<IPublishFilter, T>(events);

    /// <summary>
    /// Adds a filter that deliveries pass through before the callback, after those that were added before. It comes
    /// from the services: as a singleton, unless the application registers the class otherwise; one that is scoped or
    /// transient is resolved for each attempt, from a scope that an <see cref="ISubscriber{T}"/> shares.
    /// </summary>
    /// <typeparam name="T">The filter.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="events">Which events it is for, <c>brokerTag:topicTag</c>, where either may be <c>*</c>. The start
    /// warns of a pattern that matches no configured event. <value>Default: all.</value></param>
    /// <exception cref="ArgumentException"><paramref name="events"/> is no such pattern.</exception>
    public static IDuctapeMessageBrokerBuilder AddDeliveryFilter<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IDuctapeMessageBrokerBuilder builder, string? events = null)
        where T : class, IDeliveryFilter => builder.AddFilter<IDeliveryFilter, T>(events);

    private static IDuctapeMessageBrokerBuilder AddFilter<
        TFilter, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IDuctapeMessageBrokerBuilder builder, string? events)
        where TFilter : class
        where T : class, TFilter
    {
        ArgumentNullException.ThrowIfNull(builder);
        var pattern = EventPattern.Parse(events);
        builder.Services.TryAddSingleton<T>();
        builder.Services.AddSingleton(new FilterRegistration<TFilter>(typeof(T), pattern, builder.Services));
        return builder;
    }
}
