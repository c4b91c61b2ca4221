namespace Ductape.MassTransit;

/// <summary>What of a session travels with a message, besides its tag, id, user and expiry.</summary>
public enum SessionForward
{
    /// <summary>Nothing more.</summary>
    None,

    /// <summary>The token.</summary>
    Token,
}
