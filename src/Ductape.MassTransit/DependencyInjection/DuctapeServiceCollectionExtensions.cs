using Ductape.MassTransit;
using Ductape.MassTransit.Caching;
using Ductape.MassTransit.Calls;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Configuration.Validation;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.DeadLetters;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Filters;
using Ductape.MassTransit.Hosting;
using Ductape.MassTransit.Publishing;
using Ductape.MassTransit.Reloading;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Schemas;
using Ductape.MassTransit.Sessions;
using Ductape.MassTransit.Subscribing;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;
using Ductape.MassTransit.Transports.Host;
using Ductape.MassTransit.Transports.InMemory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Ductape's message broker.</summary>
public static class DuctapeServiceCollectionExtensions
{
    /// <summary>
    /// Adds the message broker, configured by the <c>Ductape</c> section of the application's configuration:
    /// <see cref="IMessageBroker"/>, <see cref="IScopedMessageBroker"/>, <see cref="IBrokerCatalog"/>,
    /// <see cref="ISessions"/>, <see cref="ICaches"/>, <see cref="IDeadLetters"/>, <see cref="ISubscriptions"/>,
    /// validation at start-up, health checks, and a hosted service that starts and stops it. May be called more than
    /// once.
    /// </summary>
    public static IDuctapeMessageBrokerBuilder AddDuctapeMessageBroker(this IServiceCollection services) =>
        services.AddDuctapeMessageBroker(DuctapeOptions.SectionName);

    /// <summary>
    /// As <see cref="AddDuctapeMessageBroker(IServiceCollection)"/>, configured by a section of another name.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="sectionName">The path of the section in the application's configuration, parts separated by
    /// colons.</param>
    public static IDuctapeMessageBrokerBuilder AddDuctapeMessageBroker(this IServiceCollection services, string sectionName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sectionName);
        return services.AddCore().Bind(new SectionBinding(sectionName, null));
    }

    /// <summary>As <see cref="AddDuctapeMessageBroker(IServiceCollection)"/>, configured by a given section.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">The section whose keys are those of <see cref="DuctapeOptions"/>.</param>
    public static IDuctapeMessageBrokerBuilder AddDuctapeMessageBroker(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddCore()
            .Bind(new SectionBinding((section as IConfigurationSection)?.Path ?? DuctapeOptions.SectionName, section));
    }

    /// <summary>As <see cref="AddDuctapeMessageBroker(IServiceCollection)"/>, configured in code alone.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IDuctapeMessageBrokerBuilder AddDuctapeMessageBroker(this IServiceCollection services, Action<DuctapeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        return services.AddCore();
    }

    private static DuctapeMessageBrokerBuilder AddCore(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging();
        services.AddOptions<DuctapeOptions>().ValidateOnStart();
        services.TryAddSingleton<DuctapeOptionsValidator>();
        services.TryAddSingleton<ValidatedOptionsFactory>();
        services.TryAddSingleton<IOptionsFactory<DuctapeOptions>>(x => x.GetRequiredService<ValidatedOptionsFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<DuctapeOptions>, KeepDefaults>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<DuctapeOptions>, LoadConnectionStrings>());
        services.TryAddSingleton(TimeProvider.System);

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBrokerTransport, InMemoryTransport>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBrokerTransport, HostTransport>());
        services.TryAddSingleton<HeaderBytes>(_ => HeaderSize.Of);
        services.TryAddSingleton<TransportSet>();
        services.TryAddSingleton<ISampleReader, SampleReader>();
        services.TryAddSingleton<TopicSchemas>();
        services.TryAddSingleton(x =>
            CatalogBuilder.Build(x.GetRequiredService<IOptions<DuctapeOptions>>().Value, x.GetRequiredService<TransportSet>(),
                x.GetServices<ISecretResolver>(), x.GetRequiredService<TopicSchemas>()));
        services.TryAddSingleton<CallDefaults>();
        services.TryAddSingleton<SubscriptionSlots>();
        services.TryAddSingleton<IConnectionQueues>(x => x.GetRequiredService<SubscriptionSlots>());
        services.TryAddSingleton<ConnectionRegistry>();
        services.TryAddSingleton<ConfigurationWatch>();
        services.TryAddSingleton(x =>
        {
            // A catalog that is in use is watched for changes.
            _ = x.GetRequiredService<ConfigurationWatch>();
            return ActivatorUtilities.CreateInstance<CurrentCatalog>(x);
        });
        services.TryAddSingleton<CatalogReader>();
        services.TryAddSingleton<CatalogRoutes>();
        services.TryAddSingleton<ReloadPlanner>();
        services.TryAddSingleton<SubscriptionMover>();
        services.TryAddSingleton<ReloadCleanup>();
        services.TryAddSingleton<CatalogSwitch>();
        services.TryAddSingleton<CatalogRollout>();
        services.TryAddSingleton<CatalogReload>();
        services.TryAddSingleton<CacheStore>();
        services.TryAddSingleton<CacheGenerations>();
        services.TryAddSingleton(typeof(FilterChain<>));
        services.TryAddSingleton<UnusedFilters>();
        services.TryAddSingleton<PublishFilters>();
        services.TryAddSingleton<PublishPipeline>();
        services.TryAddSingleton<DeliveryPipeline>();
        services.TryAddSingleton<PublishSender>();
        services.TryAddSingleton<PublishOnce>();
        services.TryAddSingleton<HandledMessages>();
        services.TryAddSingleton<IOperatorLog, OperatorLogger>();
        services.TryAddSingleton(x => new OperatorTrail(x.GetRequiredService<IOperatorLog>, x.GetRequiredService<ILogger<OperatorTrail>>()));
        services.TryAddSingleton<ICaches, BrokerCaches>();
        services.TryAddSingleton<IDeadLetters, DeadLetters>();
        services.TryAddSingleton<SessionStore>();
        services.TryAddSingleton<SessionTypes>();
        services.TryAddSingleton<ISessions, TokenSessions>();
        services.TryAddSingleton<SessionVerifier>();
        services.TryAddSingleton<ReceivedSessionVerifier>();
        services.TryAddSingleton<ProviderLifetime>();
        services.TryAddSingleton(x => new HarnessStart(
            x.GetRequiredService<TransportSet>(), () => x.GetServices<SubscriberRegistration>().Any(), x));
        services.TryAddSingleton<CallRoutes>();
        services.TryAddSingleton<SubscribeCheck>();
        services.TryAddSingleton<SlotClaims>();
        services.TryAddSingleton<SubscriptionFactory>();
        services.TryAddSingleton<SubscriptionStarter>();
        services.TryAddSingleton<ClassSubscribers>();
        services.TryAddSingleton<ISubscriptions, Subscriptions>();
        services.TryAddSingleton<MessageBroker>();
        services.TryAddSingleton<IMessageBroker>(x => x.GetRequiredService<MessageBroker>());
        services.TryAddScoped<IScopedMessageBroker, ScopedMessageBroker>();
        services.TryAddSingleton<IBrokerCatalog, BrokerCatalog>();
        services.TryAddSingleton<DescribedConnections>();

        services.TryAddSingleton<StartChecks>();
        services.AddHostedService<DuctapeHostedService>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HealthCheckServiceOptions>, ConfigureConnectionHealthChecks>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<UsageTelemetryOptions>, ConfigureUsageTelemetry>());
        return new DuctapeMessageBrokerBuilder(services);
    }

    // Binding a section twice would add its lists twice.
    private static DuctapeMessageBrokerBuilder Bind(this DuctapeMessageBrokerBuilder builder, SectionBinding binding)
    {
        if (builder.Services.Any(x => x.ImplementationInstance is SectionBinding other && other == binding))
            return builder;

        builder.Services.AddSingleton(binding);
        builder.Services.AddSingleton<IConfigureOptions<DuctapeOptions>>(x => new BindSection(binding, x.GetService<IConfiguration>()));
        return builder;
    }
}
