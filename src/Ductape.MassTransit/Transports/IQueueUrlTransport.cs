using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A transport on which a topic may have a queue URL of its own, Ductape's <c>queueUrls</c>. On one without this such a
/// URL means nothing and is ignored.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IQueueUrlTransport : IExistingQueueTransport
{
    /// <summary>
    /// The settings for a topic with this queue URL; null where it means nothing with these settings and is ignored.
    /// </summary>
    TransportSettings? AtQueueUrl(TransportSettings settings, string queueUrl);
}
