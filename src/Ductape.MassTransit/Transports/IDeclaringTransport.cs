using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A transport for which <see cref="TopicOptions.Declare"/> and <see cref="TopicOptions.Arguments"/> mean something. On
/// one without this they have no effect, and <see cref="CatalogLint"/> says so.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IDeclaringTransport
{
    /// <summary>
    /// Everything that is wrong with a topic on this transport, each under the path of its option.
    /// </summary>
    IEnumerable<ConfigurationProblem> ValidateTopic(TopicOptions topic, TransportSettings settings);
}
