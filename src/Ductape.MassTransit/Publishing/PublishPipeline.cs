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

    public Task<PublishResult> PublishAsync(PublishCall call, CancellationToken cancellationToken)
    {
        if (!_ways.TryGetValue(call.Route, out var way))
            way = _ways.GetValue(call.Route, Compose);
        return way(call, cancellationToken);
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

    private PublishStep VerifySession(PublishStep next) => (call, cancellationToken) =>
    {
        if (call.Data.Session is not null)
            call.CalledAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        var verifying = sessions.VerifyPublisherAsync(call.Route, call.Data.Session, cancellationToken);
        if (!verifying.IsCompletedSuccessfully)
            return VerifyLaterAsync(verifying, call, next, cancellationToken);

        call.Session = verifying.Result;
        return next(call, cancellationToken);
    };

    private static async Task<PublishResult> VerifyLaterAsync(
        ValueTask<VerifiedSession?> verifying, PublishCall call, PublishStep next, CancellationToken cancellationToken)
    {
        call.Session = await verifying.ConfigureAwait(false);
        return await next(call, cancellationToken).ConfigureAwait(false);
    }

    private static PublishStep WritePayload(PublishStep next) => (call, cancellationToken) =>
    {
        call.Payload = PublishedPayload.Write(call.Route, call.Data.Input!);
        return next(call, cancellationToken);
    };

    private static PublishStep ResolveReferences(PublishStep next) => (call, cancellationToken) =>
    {
        call.Payload = PublishedPayload.ResolveReferences(call.Route, call.Payload, call.Session);
        return next(call, cancellationToken);
    };

    private static PublishStep CheckSize(PublishStep next) => (call, cancellationToken) =>
    {
        PublishedSize.Check(call.Route, call.Payload.Span, call.Headers);
        return next(call, cancellationToken);
    };

    private PublishStep CheckSchema(PublishStep next) => (call, cancellationToken) =>
    {
        call.Route.Check!.Run(call.Route, call.Payload, logger);
        return next(call, cancellationToken);
    };

    private static PublishStep SetPartitionKey(PublishStep next) => (call, cancellationToken) =>
    {
        call.PartitionKey = PublishedPartitionKey.Of(call.Route, call.Data.Input!, call.Payload.Span);
        return next(call, cancellationToken);
    };

    private PublishStep SendOnce(PublishStep next) => (call, cancellationToken) =>
        PublishOnce.IsAsked(call.Data) ? SendOnceAsync(call, next, cancellationToken) : next(call, cancellationToken);

    private Task<PublishResult> SendOnceAsync(PublishCall call, PublishStep next, CancellationToken cancellationToken)
    {
        // It may go on for other callers after this one has given up and used its buffers for something else.
        call.Detach();
        return once.PublishAsync(call.Route, call.Data, call.Payload, call.Session is { } session ? $"{session.Tag}:{session.User}" : null,
            call.Scope?.Endpoint is not null, token => next(call, token), cancellationToken);
    }

    private PublishStep RunFilters(PublishStep next) => (call, cancellationToken) => filters.RunAsync(call, next, cancellationToken);
}
