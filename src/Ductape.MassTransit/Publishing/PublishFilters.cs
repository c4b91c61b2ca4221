using Ductape.MassTransit.Filters;
using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Publishing;

/// <summary>Runs the application's filters of a publish.</summary>
internal sealed class PublishFilters(FilterChain<IPublishFilter> chain)
{
    /// <summary>Whether a route has any.</summary>
    public bool AreFor(Route route) => chain.Of(route.Event).Length > 0;

    /// <param name="publish">The publish.</param>
    /// <param name="send">Sends what the last filter hands on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<PublishResult> RunAsync(OutgoingPublish publish, PublishStep send, CancellationToken cancellationToken)
    {
        var filtered = new FilteredPublish(publish, send, cancellationToken);
        try
        {
            await using var own = publish.Scope is null ? chain.BeginScope(publish.Route.Event) : null;
            return await filtered.RunAsync(Resolve(filtered, publish, own?.Services)).ConfigureAwait(false);
        }
        // The services of the application's own may throw anything when they are disposed.
        catch (Exception exception) when (filtered.IsFailure(exception))
        {
            throw filtered.Failed("the scope of the publish filters could not be begun or ended", exception);
        }
    }

    private IPublishFilter[] Resolve(FilteredPublish filtered, OutgoingPublish publish, IServiceProvider? own)
    {
        try
        {
            return chain.Resolve(publish.Route.Event, publish.Scope?.Services ?? own);
        }
        catch (Exception exception) when (filtered.IsFailure(exception))
        {
            throw filtered.Failed("a publish filter could not be made", exception);
        }
    }
}
