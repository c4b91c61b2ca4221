using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Connections;

/// <summary>A topic as a connection declares it.</summary>
internal interface IConnectionTopic
{
    TopicContract Contract { get; }

    TopicTopology Topology { get; }
}
