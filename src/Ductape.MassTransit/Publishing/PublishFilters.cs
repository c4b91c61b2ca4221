using Ductape.MassTransit.Filters;
using Ductape.MassTransit.Json;
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
        var route = call.Route;
        await using var own = call.Scope is null ? chain.BeginScope(route.Event) : null;
        var filters = chain.Resolve(route.Event, call.Scope?.Services ?? own?.Services);
        return await RunAsync(0, MessageOf(call)).ConfigureAwait(false);

        async Task<PublishResult> RunAsync(int index, OutgoingMessage message)
        {
            if (index == filters.Length)
                return await send(Take(call, message), cancellationToken).ConfigureAwait(false);

            var filter = filters[index];
            try
            {
                return await filter.PublishAsync(message, x => RunAsync(index + 1, x ?? throw Null(route, filter)), cancellationToken).ConfigureAwait(false)
                    ?? throw route.Error(DuctapeErrorCodes.PublishFailed, $"the publish filter {filter.GetType()} returned null: return what 'next' returns.");
            }
            catch (Exception exception) when (exception is not (DuctapeException or OutOfMemoryException)
                && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                throw route.Error(DuctapeErrorCodes.PublishFailed,
                    $"the publish filter {filter.GetType()} failed: {exception.Message}{(call.IsSent ? " The broker has the message." : " Nothing was sent.")}", exception);
            }
        }
    }

    private static DuctapeException Null(Route route, IPublishFilter filter) =>
        route.Error(DuctapeErrorCodes.PublishFailed, $"the publish filter {filter.GetType()} handed on null: give 'next' a message. Nothing was sent.");

    private static OutgoingMessage MessageOf(PublishCall call) => new()
    {
        Event = call.Route.Event,
        Env = call.Route.Env,
        ProductTag = call.Route.ProductTag,
        MessageId = call.MessageId,
        PartitionKey = call.PartitionKey,
        Session = call.Session is { } session
            ? new ReceivedSession(session.Tag, session.Id, session.User, session.ExpiresAt, session.Token, session.Claims)
            : null,
        Headers = call.Headers is { } headers ? new Dictionary<string, object?>(headers, StringComparer.OrdinalIgnoreCase) : new(StringComparer.OrdinalIgnoreCase),
        Body = call.Payload,
    };

    /// <summary>What the filters made of it, checked as what the caller gave was.</summary>
    private static PublishCall Take(PublishCall call, OutgoingMessage message)
    {
        var route = call.Route;
        if (call.IsSent)
        {
            throw route.Error(DuctapeErrorCodes.PublishFailed, "a publish filter called 'next' again after the message was sent: it can be sent once. Publish another message.");
        }

        call.Headers = message.Headers.Count == 0 ? null : (IReadOnlyDictionary<string, object?>)message.Headers;
        if (call.Headers is not null)
            PublishedHeaders.Check(call.Headers, route);
        if (!message.Body.Equals(call.Payload))
        {
            try
            {
                call.Payload = PayloadJson.Checked(message.Body);
            }
            catch (System.Text.Json.JsonException exception)
            {
                throw route.Error(DuctapeErrorCodes.InvalidInput,
                    $"the payload that a publish filter has made is no JSON: {exception.Message} Nothing was sent. Bytes that are no JSON go as a JSON string, for example in Base64.", exception);
            }
        }

        PublishedSize.Check(route, call.Payload.Span, call.Headers);
        return call;
    }
}
