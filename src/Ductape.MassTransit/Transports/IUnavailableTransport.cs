using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A transport that cannot connect in this build: names, settings and <see cref="CatalogLint"/> work all the same. What
/// would connect fails with <see cref="DuctapeErrorCodes.TransportNotRegistered"/>.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IUnavailableTransport
{
    /// <summary>Why this build cannot connect, and the remedy.</summary>
    string Unavailable { get; }
}
