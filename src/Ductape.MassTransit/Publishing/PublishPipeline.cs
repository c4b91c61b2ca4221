using System.Runtime.CompilerServices;
using Ductape.MassTransit.Caching;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Schemas;
using Ductape.MassTransit.Sessions;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Publishing;

/// <summary>
/// The way of a publish: <see cref="Compose"/> has the steps in their order, once for each route. What a route does not
/// ask for is no step of it.
/// </summary>
internal sealed class PublishPipeline(
    SessionVerifier sessions, PublishOnce once, PublishFilters filters, PublishSender sender, TimeProvider time, ILogger<PublishPipeline> logger)
{
    // With the route goes its way.
    private readonly ConditionalWeakTable<Route, PublishStep> _ways = [];

    public Task<PublishResult> PublishAsync(OutgoingPublish publish, CancellationToken cancellationToken)
    {
        if (!_ways.TryGetValue(publish.Route, out var way))
            way = _ways.GetValue(publish.Route, Compose);
        return way(publish, cancellationToken);
    }

    // From the last to the first.
    private PublishStep Compose(Route route)
    {
        PublishStep way = sender.SendAsync;
        if (filters.AreFor(route))
            way = RunFilters(way);
        way = SendOnce(way);
        way = SetPartitionKey(way);
        if (route.Check is not null)
            way = CheckSchema(way);
        way = CheckSize(way);
        if (route.Sessions.ResolveReferences)
            way = ResolveReferences(way);
        way = WritePayload(way);
        return VerifySession(way);
    }

    private PublishStep VerifySession(PublishStep next) => (publish, cancellationToken) =>
    {
        if (publish.Data.Session is not null)
            publish.CalledAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        var verifying = sessions.VerifyPublisherAsync(publish.Route, publish.Data.Session, cancellationToken);
        if (!verifying.IsCompletedSuccessfully)
            return VerifyLaterAsync(verifying, publish, next, cancellationToken);

        publish.Session = verifying.Result;
        return next(publish, cancellationToken);
    };

    private static async Task<PublishResult> VerifyLaterAsync(
        ValueTask<VerifiedSession?> verifying, OutgoingPublish publish, PublishStep next, CancellationToken cancellationToken)
    {
        publish.Session = await verifying.ConfigureAwait(false);
        return await next(publish, cancellationToken).ConfigureAwait(false);
    }

    private static PublishStep WritePayload(PublishStep next) => (publish, cancellationToken) =>
    {
        publish.Payload = PublishedPayload.Write(publish.Route, publish.Data.Input!);
        return next(publish, cancellationToken);
    };

    private static PublishStep ResolveReferences(PublishStep next) => (publish, cancellationToken) =>
    {
        publish.Payload = PublishedPayload.ResolveReferences(publish.Route, publish.Payload, publish.Session);
        return next(publish, cancellationToken);
    };

    private static PublishStep CheckSize(PublishStep next) => (publish, cancellationToken) =>
    {
        PublishedSize.Check(publish.Route, publish.Payload.Span, publish.Headers);
        return next(publish, cancellationToken);
    };

    private PublishStep CheckSchema(PublishStep next) => (publish, cancellationToken) =>
    {
        publish.Route.Check!.Run(publish.Route, publish.Payload, logger);
        return next(publish, cancellationToken);
    };

    private static PublishStep SetPartitionKey(PublishStep next) => (publish, cancellationToken) =>
    {
        publish.PartitionKey = PublishedPartitionKey.Of(publish.Route, publish.Data.Input!, publish.Payload.Span);
        return next(publish, cancellationToken);
    };

    private PublishStep SendOnce(PublishStep next) => (publish, cancellationToken) =>
        PublishOnce.IsAsked(publish.Data) ? SendOnceAsync(publish, next, cancellationToken) : next(publish, cancellationToken);

    private Task<PublishResult> SendOnceAsync(OutgoingPublish publish, PublishStep next, CancellationToken cancellationToken)
    {
        // It may go on for other callers after this one has given up and used its buffers for something else.
        publish.Detach();
        return publish.Scope is null || !filters.AreFor(publish.Route)
            ? SendOnceAsync(publish, token => next(publish, token), cancellationToken)
            : SendOnceInScopeAsync(publish, new ScopedSend(publish, next), cancellationToken);
    }

    private async Task<PublishResult> SendOnceInScopeAsync(OutgoingPublish publish, ScopedSend send, CancellationToken cancellationToken)
    {
        try
        {
            return await SendOnceAsync(publish, send.SendAsync, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await send.LeaveAsync().ConfigureAwait(false);
        }
    }

    private Task<PublishResult> SendOnceAsync(
        OutgoingPublish publish, Func<CancellationToken, Task<PublishResult>> send, CancellationToken cancellationToken) =>
        once.PublishAsync(publish.Route, publish.Data, publish.Payload, publish.Session is { } session ? $"{session.Tag}:{session.User}" : null,
            publish.Scope?.Endpoint is not null, send, cancellationToken);

    private PublishStep RunFilters(PublishStep next) => (publish, cancellationToken) => filters.RunAsync(publish, next, cancellationToken);
}
