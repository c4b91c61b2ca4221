using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Connections;

/// <summary>A topic as a connection declares it, and the event that it was declared for.</summary>
internal interface IConnectionTopic
{
    string ProductTag { get; }

    string Env { get; }

    string Event { get; }

    TopicContract Contract { get; }

    TopicTopology Topology { get; }

    /// <summary>Equal for topics that are declared alike.</summary>
    Lazy<string> TopologyShape { get; }
}
