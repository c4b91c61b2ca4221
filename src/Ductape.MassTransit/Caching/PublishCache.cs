namespace Ductape.MassTransit;

/// <summary>
/// Refuses what it cannot do. Caching is not built yet, so a configured cache is refused as well: a caller that counts on a second
/// publish being held back must not find two messages.
/// </summary>
internal static class PublishCache
{
    public static void Check(RouteResolver routes, Route route, string? cache)
    {
        if (string.IsNullOrWhiteSpace(cache))
            return;

        var product = routes.FindProduct(route.ProductTag);
        throw product.Caches.Contains(cache)
            ? route.Error(DuctapeErrorCodes.InvalidInput,
                $"'cache' is '{cache}', and this version of the library does not cache publishes yet. Leave 'cache' out.")
            : route.Error(DuctapeErrorCodes.CacheNotFound,
                $"the product '{product.Tag}' has no cache '{cache}'.{NearMiss.HintOrList(cache, product.Caches)}");
    }
}
