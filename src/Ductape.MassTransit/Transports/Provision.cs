using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>Whether a cloud transport may create what is missing.</summary>
[Experimental("DUCTAPE001")]
public enum Provision
{
    /// <summary>Topics, queues and subscriptions that are missing are created.</summary>
    Create,

    /// <summary>
    /// Nothing is created or changed, and what is missing is an error: for accounts that may only send and receive.
    /// </summary>
    None,
}
