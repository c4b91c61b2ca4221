using System.Collections.Concurrent;

namespace Ductape.MassTransit;

/// <summary>The session types in use, one for each product, environment and tag.</summary>
internal sealed class SessionTypes(CatalogConfig catalog, SecretReferences secrets, SessionStore store, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Product, string Env, string Tag), SessionType> _types = new();

    /// <summary>A session type, or null where the product has none of that tag.</summary>
    public SessionType? Find(string product, string env, string tag)
    {
        if (_types.TryGetValue((product, env, tag), out var type))
            return type;

        return catalog.Products.TryGetValue(product, out var config) && config.Sessions.TryGetValue(tag, out var session)
            ? _types.GetOrAdd((product, env, tag), _ => new SessionType(session, product, env, secrets, store, time))
            : null;
    }
}
