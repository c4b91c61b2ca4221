using System.Text.Json;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Routing;

/// <summary>What (product, env, event) resolves to. One object per route for the life of the catalog.</summary>
internal sealed class Route : IConnectionTopic
{
    public required string ProductTag { get; init; }

    public required string Env { get; init; }

    public required string Event { get; init; }

    public required string BrokerType { get; init; }

    public required IBrokerTransport Transport { get; init; }

    public required TransportSettings Settings { get; init; }

    public required MessageFormat Format { get; init; }

    /// <summary>How the application writes and reads messages.</summary>
    public required JsonSerializerOptions SerializerOptions { get; init; }

    public required int? MaxMessageSize { get; init; }

    /// <summary>What the transport checks besides, or null.</summary>
    public required IMessageLimits? Limits { get; init; }

    /// <summary>Whether the headers travel as one.</summary>
    public required bool PacksHeaders { get; init; }

    public required string Entity { get; init; }

    /// <summary>The queue of the product's unnamed subscription.</summary>
    public required string Queue { get; init; }

    /// <summary>Whether entity and queue are one existing queue that every message goes to.</summary>
    public required bool IsExistingQueue { get; init; }

    public required string? RoutingKey { get; init; }

    public required RetryConfig Retry { get; init; }

    public required int Prefetch { get; init; }

    public required int Concurrency { get; init; }

    public required TimeSpan? Deduplicate { get; init; }

    /// <summary>How messages are handed to subscriptions.</summary>
    public required TopicFlowConfig Flow { get; init; }

    /// <summary>Whether a message that no queue would get is an error.</summary>
    public required bool FailUnroutable { get; init; }

    /// <summary>What the topic asks of sessions.</summary>
    public required TopicSessionConfig Sessions { get; init; }

    /// <summary>What messages are checked against before they are sent, or null where they are not.</summary>
    public required TopicCheckConfig? Check { get; init; }

    public required TopicContract Contract { get; init; }

    public required Connection Connection { get; init; }

    public required TopicTopology Topology { get; init; }

    /// <summary>Equal for routes whose endpoints are configured alike.</summary>
    public required Lazy<string> EndpointShape { get; init; }

    /// <summary>Equal for routes whose topics are declared alike.</summary>
    public required Lazy<string> TopologyShape { get; init; }

    public required RouteDescription Description { get; init; }

    /// <summary>The queue of a subscription of the product: its one queue, or that of a named subscription.</summary>
    public string QueueOf(string? subscription) =>
        subscription is null ? Queue : EntityNames.Suffixed(Queue, subscription, Transport.NamingOf(Settings));

    /// <summary>The error for what went wrong on this route.</summary>
    public DuctapeException Error(string code, string message, Exception? cause = null, bool isTransient = false) =>
        new(code, message, cause is null ? null : Connection.Mask.Hide(cause)) { Event = Event, Env = Env, ProductTag = ProductTag, IsTransient = isTransient };
}
