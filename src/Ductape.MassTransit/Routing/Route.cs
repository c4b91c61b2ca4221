using System.Text.Json;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Routing;

/// <summary>What (product, env, event) resolves to. One object per route for the life of the catalog.</summary>
internal sealed class Route : IConnectionTopic
{
    /// <summary>What the route is for its user.</summary>
    public required RouteDescription Description { get; init; }

    /// <summary>What the route is for its transport.</summary>
    public required TopicTopology Topology { get; init; }

    /// <summary>The topic as it is configured.</summary>
    public required TopicConfig Topic { get; init; }

    public required TopicContract Contract { get; init; }

    public required Connection Connection { get; init; }

    public required IBrokerTransport Transport { get; init; }

    /// <summary>How the application writes and reads messages.</summary>
    public required JsonSerializerOptions SerializerOptions { get; init; }

    /// <summary>What the transport checks besides, or null.</summary>
    public required IMessageLimits? Limits { get; init; }

    /// <summary>Whether the headers travel as one.</summary>
    public required bool PacksHeaders { get; init; }

    /// <summary>Whether entity and queue are one existing queue that every message goes to.</summary>
    public required bool IsExistingQueue { get; init; }

    public required int Prefetch { get; init; }

    public required int Concurrency { get; init; }

    /// <summary>Equal for routes whose endpoints are configured alike.</summary>
    public required Lazy<string> EndpointShape { get; init; }

    /// <summary>Equal for routes whose topics are declared alike.</summary>
    public required Lazy<string> TopologyShape { get; init; }

    public string ProductTag => Description.ProductTag;

    public string Env => Description.Env;

    public string Event => Description.Event;

    public string BrokerType => Description.BrokerType;

    public string Entity => Description.Entity;

    /// <summary>The queue of the product's unnamed subscription.</summary>
    public string Queue => Description.Queue;

    public MessageFormat Format => Description.Format;

    public int? MaxMessageSize => Description.MaxMessageSize;

    public TransportSettings Settings => Topology.Settings;

    public string? RoutingKey => Topology.RoutingKey;

    public RetryConfig Retry => Topic.Retry;

    public TimeSpan? Deduplicate => Topic.Deduplicate;

    /// <summary>How messages are handed to subscriptions.</summary>
    public TopicFlowConfig Flow => Topic.Flow;

    /// <summary>Whether a message that no queue would get is an error.</summary>
    public bool FailUnroutable => Topic.OnUnroutable == OnUnroutable.Fail;

    /// <summary>What the topic asks of sessions.</summary>
    public TopicSessionConfig Sessions => Topic.Sessions;

    /// <summary>What messages are checked against before they are sent, or null where they are not.</summary>
    public TopicCheckConfig? Check => Topic.Check;

    /// <summary>The queue of a subscription of the product: its one queue, or that of a named subscription.</summary>
    public string QueueOf(string? subscription) =>
        subscription is null ? Queue : EntityNames.Suffixed(Queue, subscription, Transport.NamingOf(Settings));

    /// <summary>The error for what went wrong on this route.</summary>
    public DuctapeException Error(string code, string message, Exception? cause = null, bool isTransient = false) =>
        new(code, message, cause is null ? null : Connection.Mask.Hide(cause)) { Event = Event, Env = Env, ProductTag = ProductTag, IsTransient = isTransient };
}
