using System.Collections.Concurrent;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Sessions;

/// <summary>The session types in use, one for each product, environment and tag.</summary>
internal sealed class SessionTypes(CurrentCatalog catalog, SessionStore store, TimeProvider time, ILogger<SessionTypes> logger)
{
    private readonly ConcurrentDictionary<(string Product, string Env, string Tag), SessionType> _types = new();

    /// <summary>A session type, or null where the product has none of that tag.</summary>
    public SessionType? Find(string product, string env, string tag)
    {
        if (!catalog.Catalog.Products.TryGetValue(product, out var config) || !config.Sessions.TryGetValue(tag, out var session))
        {
            // Those that a reload took away; under its own spelling, which nobody else has to know.
            foreach (var gone in _types.Keys.Where(x => Tags.Same(x.Product, product) && Tags.Same(x.Tag, tag)))
                _types.TryRemove(gone, out _);
            return null;
        }

        (product, env, tag) = (config.Tag, config.Envs.GetValueOrDefault(env, env), session.Tag);

        return _types.TryGetValue((product, env, tag), out var type) && IsSame(type.Config, session) ? type : Add(product, env, session);
    }

    private SessionType Add(string product, string env, SessionTypeConfig session) => _types.AddOrUpdate(
        (product, env, session.Tag),
        _ => new SessionType(session, product, env, store, time, logger),
        // One that a reload left as it was keeps what it knows: verified tokens, fetched keys.
        (_, known) => IsSame(known.Config, session) ? known : new SessionType(session, product, env, store, time, logger));

    private static bool IsSame(SessionTypeConfig known, SessionTypeConfig now) => known == now || known.Fingerprint == now.Fingerprint;
}
