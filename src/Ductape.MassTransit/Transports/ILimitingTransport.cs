using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A transport whose broker has more limits for a message than the size of its payload. Without this, payload and
/// headers together may have as many bytes as the payload may have alone.
/// </summary>
[Experimental("DUCTAPE001")]
public interface ILimitingTransport
{
    /// <summary>What is checked of a message before it is sent.</summary>
    IMessageLimits Limits { get; }
}
