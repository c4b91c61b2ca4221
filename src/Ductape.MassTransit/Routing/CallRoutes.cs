namespace Ductape.MassTransit.Routing;

/// <summary>
/// The route of a call: of the product, environment and event that it names, and of what is configured where it leaves
/// out one of the first two.
/// </summary>
internal sealed class CallRoutes(CurrentCatalog catalog, CallDefaults defaults, HarnessStart harness)
{
    /// <exception cref="DuctapeException">There is no such route.</exception>
    public Route Of(string? product, string? env, string? @event) =>
        catalog.Resolve(defaults.Product(product), defaults.Env(env), CallDefaults.Event(@event));

    /// <exception cref="DuctapeException">There is no such route, or nothing would be delivered on the test
    /// harness.</exception>
    public Route Of(MessageBrokerPublishInput data)
    {
        var route = Of(data.ProductTag, data.Env, data.Event);
        harness.CheckPublish(route);
        return route;
    }

    /// <exception cref="DuctapeException">There is no such route, or the start on the test harness has
    /// failed.</exception>
    public Route Of(MessageBrokerSubscribeInput data)
    {
        var route = Of(data.ProductTag, data.Env, data.Event);
        harness.CheckSubscribe(route);
        return route;
    }
}
