using Ductape.MassTransit.Diagnostics;

namespace Ductape.MassTransit.Connections;

/// <summary>What is known of a connection at one moment.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Since">Since when it has that status.</param>
/// <param name="Error">Why it is not connected, where that is known.</param>
internal sealed record ConnectionState(ConnectionStatus Status, DateTimeOffset Since, Exception? Error = null)
{
    /// <summary>
    /// Why it is not connected, with the innermost cause: only that one says for example that a password is wrong.
    /// </summary>
    public string? Reason => Error?.GetBaseException() is { } cause && cause != Error ? $"{Error.Reason()}: {cause.Reason()}" : Error?.Reason();
}

internal enum ConnectionStatus
{
    /// <summary>Nothing has used it yet.</summary>
    NotInUse,

    /// <summary>The first attempt is under way.</summary>
    Connecting,

    Connected,

    /// <summary>Lost or never reached; it is tried again until shutdown.</summary>
    Disconnected,

    Stopped,
}
