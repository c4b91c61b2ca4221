using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Secrets;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Routing;

/// <summary>
/// Answers (product, env, event) with a route, or with the code and the near miss of what is not there. One for each
/// catalog, whose routes it keeps.
/// </summary>
internal sealed class RouteResolver(CatalogConfig catalog, TransportSet transports, Func<BrokerEnvConfig, Connection> connectionOf)
{
    private const int DefaultConcurrency = 16;

    // As they are configured, which most calls write; looked up without regard to case where one does not.
    private readonly ConcurrentDictionary<RouteKey, Route> _routes = new();
    private readonly ConcurrentDictionary<RouteKey, Route> _inAnyCase = new(RouteKey.InAnyCase);

    public CatalogConfig Catalog => catalog;

    public Route Resolve(string product, string env, string @event) =>
        // Only what exists is kept, so misspellings cannot fill the memory.
        _routes.TryGetValue(new RouteKey(product, env, @event), out var route)
        || _inAnyCase.TryGetValue(new RouteKey(product, env, @event), out route)
            ? route
            : Add(new RouteKey(product, env, @event));

    /// <summary>As <see cref="Resolve"/>; false with the reason where there is no such route.</summary>
    public bool TryResolve(
        string product, string env, string @event, [NotNullWhen(true)] out Route? route, [NotNullWhen(false)] out DuctapeException? problem)
    {
        try
        {
            (route, problem) = (Resolve(product, env, @event), null);
            return true;
        }
        catch (DuctapeException exception)
        {
            (route, problem) = (null, exception);
            return false;
        }
    }

    public ProductConfig FindProduct(string tag) =>
        catalog.Products.GetValueOrDefault(tag)
        ?? throw new DuctapeException(DuctapeErrorCodes.ProductNotFound,
            $"no product '{tag}' is configured.{NearMiss.HintOrList(tag, catalog.Products.Keys)}")
        { ProductTag = tag };

    public BrokerConfig FindBroker(ProductConfig product, string tag) =>
        product.Brokers.GetValueOrDefault(tag)
        ?? throw new DuctapeException(DuctapeErrorCodes.BrokerNotFound,
            $"the product '{product.Tag}' has no broker '{tag}'.{NearMiss.HintOrList(tag, product.Brokers.Keys)}")
        { ProductTag = product.Tag };

    public TopicConfig FindTopic(ProductConfig product, BrokerConfig broker, EventName name) =>
        broker.Topics.GetValueOrDefault(name.Topic)
        ?? throw new DuctapeException(DuctapeErrorCodes.TopicNotFound,
            $"the broker '{broker.Tag}' of '{product.Tag}' has no topic '{name.Topic}'.{NearMiss.HintOrList(name.Topic, broker.Topics.Keys)}")
        { ProductTag = product.Tag, Event = name.ToString() };

    private Route Add(RouteKey key)
    {
        var route = _inAnyCase.GetOrAdd(key, static (key, self) => self.Create(key), this);
        _routes.TryAdd(new RouteKey(route.ProductTag, route.Env, route.Event), route);
        return route;
    }

    private Route Create(RouteKey key)
    {
        try
        {
            return Create(key, EventName.Parse(key.Event));
        }
        catch (DuctapeException exception)
        {
            throw exception.During(key.Event, key.Env, key.Product);
        }
    }

    private Route Create(RouteKey key, EventName name)
    {
        var product = FindProduct(key.Product);
        var broker = FindBroker(product, name.Broker);
        var env = broker.Envs.GetValueOrDefault(key.Env)
            ?? throw new DuctapeException(DuctapeErrorCodes.BrokerEnvNotFound,
                $"the broker '{broker.Tag}' of '{product.Tag}' has no environment '{key.Env}'.{NearMiss.HintOrList(key.Env, broker.Envs.Keys)}");
        var topic = FindTopic(product, broker, name);
        name = new EventName(broker.Tag, topic.Tag);
        var @event = name.ToString();
        if (transports.Problem(env.Type, "") is { Code: { } code } problem)
            throw new DuctapeException(code, $"{problem.Text} (product '{product.Tag}', broker '{broker.Tag}', environment '{env.Env}')");

        env = topic.AtOwnQueueUrl(env);
        var transport = env.Transport!;
        var settings = env.Settings!;
        var names = RouteNames.Of(product.Tag, broker.Tag, topic, env);
        var options = topic.EnvOf(env.Env);
        var contract = TopicContract.Get(name, names.Entity);
        var connection = connectionOf(env);
        // An existing queue has no others beside it.
        var subscriberQueues = names.IsExistingQueue ? [] : DeclaredQueues.Of(catalog, name, topic, env);
        var limits = (transport as ILimitingTransport)?.Limits;
        return new Route
        {
            Topic = topic,
            Transport = transport,
            SerializerOptions = catalog.Options.SerializerOptions,
            Limits = limits,
            PacksHeaders = env.Format == MessageFormat.Json && limits is { PacksHeaders: true },
            IsExistingQueue = names.IsExistingQueue,
            Prefetch = topic.Prefetch ?? settings.Prefetch ?? transport.DefaultPrefetch,
            Concurrency = topic.Concurrency ?? settings.Concurrency ?? DefaultConcurrency,
            Contract = contract,
            Connection = connection,
            EndpointShape = new Lazy<string>(() => $"{names} {env.Format} {topic.Fingerprint.Value} {OptionsFingerprint.Of(settings)}"),
            TopologyShape = new Lazy<string>(() => string.Join(' ', subscriberQueues.Select(x => $"{x.Name} {OptionsFingerprint.Of(x.Settings)} {Text(x.Arguments)}")
                .Order(StringComparer.Ordinal).Append($"{options.ExchangeType} {options.RoutingKey} {topic.Declare}"))),
            Topology = new TopicTopology
            {
                Event = @event,
                MessageType = contract.MessageType,
                Entity = names.Entity,
                RoutingKey = options.RoutingKey,
                ExchangeType = options.ExchangeType,
                SubscriberQueues = subscriberQueues,
                Ordered = topic.Flow.Ordered,
                Declare = topic.Declare,
                Arguments = topic.Arguments,
                Settings = settings,
                Deduplicate = topic.Deduplicate,
                LongestRetry = topic.LongestRetry,
            },
            Description = new RouteDescription
            {
                Event = @event,
                Env = env.Env,
                ProductTag = product.Tag,
                BrokerType = env.Type,
                Connection = connection.Description,
                Entity = names.Entity,
                Queue = names.Queue,
                Format = env.Format,
                MaxMessageSize = env.MaxMessageSize ?? transport.MaxMessageSizeOf(settings),
                MessageType = contract.MessageType,
            },
        };
    }

    private static string Text(IReadOnlyDictionary<string, string> arguments) =>
        string.Join(' ', arguments.Select(x => $"{x.Key}={x.Value}").Order(StringComparer.Ordinal));

    private readonly record struct RouteKey(string Product, string Env, string Event)
    {
        public static readonly IEqualityComparer<RouteKey> InAnyCase = EqualityComparer<RouteKey>.Create(
            (x, y) => Tags.Same(x.Event, y.Event) && Tags.Same(x.Product, y.Product) && Tags.Same(x.Env, y.Env),
            x => HashCode.Combine(Tags.HashOf(x.Product), Tags.HashOf(x.Env), Tags.HashOf(x.Event)));
    }
}
