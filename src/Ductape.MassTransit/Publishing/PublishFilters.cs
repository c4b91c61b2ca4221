using Ductape.MassTransit.Filters;
using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Publishing;

/// <summary>Runs the application's filters of a publish.</summary>
internal sealed class PublishFilters(FilterChain<IPublishFilter> chain)
{
    /// <summary>Whether a route has any.</summary>
    public bool AreFor(Route route) => chain.Of(route.Event).Length > 0;

    /// <param name="call">The publish.</param>
    /// <param name="send">Sends what the last filter hands on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<PublishResult> RunAsync(PublishCall call, PublishStep send, CancellationToken cancellationToken)
    {
        var publish = new FilteredPublish(call, send, cancellationToken);
        try
        {
            await using var own = call.Scope is null ? chain.BeginScope(call.Route.Event) : null;
            return await publish.RunAsync(Resolve(publish, call, own?.Services)).ConfigureAwait(false);
        }
        // The services of the application's own may throw anything when they are disposed.
        catch (Exception exception) when (publish.IsFailure(exception))
        {
            throw publish.Failed("the scope of the publish filters could not be begun or ended", exception);
        }
    }

    private IPublishFilter[] Resolve(FilteredPublish publish, PublishCall call, IServiceProvider? own)
    {
        try
        {
            return chain.Resolve(call.Route.Event, call.Scope?.Services ?? own);
        }
        catch (Exception exception) when (publish.IsFailure(exception))
        {
            throw publish.Failed("a publish filter could not be made", exception);
        }
    }
}
