using Ductape.MassTransit.SessionKeys;

namespace Ductape.MassTransit.Sessions;

/// <summary>The keys that the tokens of a session type are verified with.</summary>
internal interface ISessionKeys
{
    /// <summary>The keys.</summary>
    /// <exception cref="SessionKeysException">They cannot be had now.</exception>
    ValueTask<SessionKeySet> GetAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The keys after a token named one that is not among them: the same object where there are no newer ones.
    /// </summary>
    /// <exception cref="SessionKeysException">They cannot be had now.</exception>
    ValueTask<SessionKeySet> GetNewerAsync(SessionKeySet than, CancellationToken cancellationToken);
}

/// <summary>The keys of a session type cannot be had now; that says nothing about the token.</summary>
internal sealed class SessionKeysException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Keys that are given in the configuration.</summary>
internal sealed class GivenSessionKeys(SessionKeySet keys) : ISessionKeys
{
    public ValueTask<SessionKeySet> GetAsync(CancellationToken cancellationToken) => new(keys);

    public ValueTask<SessionKeySet> GetNewerAsync(SessionKeySet than, CancellationToken cancellationToken) => new(keys);
}
