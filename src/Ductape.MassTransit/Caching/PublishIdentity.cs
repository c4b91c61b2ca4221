using System.Security.Cryptography;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Caching;

/// <summary>What makes two publishes the same: the product, environment, event, session user and message.</summary>
/// <param name="route">Where the message goes.</param>
/// <param name="sessionUser">Who acts, or null for nobody: users never share a result.</param>
/// <param name="payload">The message, JSON.</param>
internal sealed class PublishIdentity(Route route, string? sessionUser, ReadOnlyMemory<byte> payload)
{
    /// <summary>The hash of the message alone, whatever the order of its properties and its white space.</summary>
    public string Message { get; } = Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(payload.Span)));

    /// <summary>Identifies the publish among those of its product and cache.</summary>
    public string InCache() => CacheKey.Hash("message", route.Env, route.Event, sessionUser, Message);

    /// <summary>Identifies the publish by the key that the caller chose, whatever the message.</summary>
    public string ByKey(string idempotencyKey) =>
        CacheKey.Hash("key", route.ProductTag, route.Env, route.Event, sessionUser, idempotencyKey);
}
