using System.Text.Json;
using Ductape.MassTransit.Caching;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Publishing;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Schemas;
using Ductape.MassTransit.Sessions;
using Ductape.MassTransit.Subscribing;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Calls;

internal sealed class MessageBroker(
    CurrentCatalog routes,
    CallDefaults defaults,
    SubscriptionStarter subscriptions,
    PublishOnce once,
    SessionVerifier sessions,
    PublishSender sender,
    HarnessStart harness,
    TimeProvider time,
    ILogger<MessageBroker> logger) : IMessageBroker
{
    private DuctapeOptions Options => routes.Options;

    public Task<PublishResult> PublishAsync(MessageBrokerPublishInput data, CancellationToken cancellationToken) =>
        PublishAsync(data, null, cancellationToken);

    /// <param name="data">The publish.</param>
    /// <param name="hostEndpoint">Where a route on the application's own bus is published, or null for the bus itself.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<PublishResult> PublishAsync(
        MessageBrokerPublishInput data, IPublishEndpoint? hostEndpoint, CancellationToken cancellationToken)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(data);
            var route = routes.Resolve(defaults.Product(data.ProductTag), defaults.Env(data.Env), CallDefaults.Event(data.Event));
            harness.CheckPublish(route);
            var input = Required(route, data.Input);
            var calledAt = data.Session is null ? 0 : time.GetUtcNow().ToUnixTimeMilliseconds();
            var verifying = sessions.VerifyPublisherAsync(route, data.Session, cancellationToken);
            return verifying.IsCompletedSuccessfully
                ? PublishAsync(route, data, input, verifying.Result, calledAt, hostEndpoint, cancellationToken)
                : PublishVerifiedAsync(verifying, route, data, input, calledAt, hostEndpoint, cancellationToken);
        }
        catch (Exception exception)
        {
            return Task.FromException<PublishResult>(exception);
        }
    }

    private async Task<PublishResult> PublishVerifiedAsync(ValueTask<VerifiedSession?> verifying, Route route, MessageBrokerPublishInput data,
        PublishInput input, long calledAt, IPublishEndpoint? hostEndpoint, CancellationToken cancellationToken) =>
        await PublishAsync(route, data, input, await verifying.ConfigureAwait(false), calledAt, hostEndpoint, cancellationToken).ConfigureAwait(false);

    private Task<PublishResult> PublishAsync(Route route, MessageBrokerPublishInput data, PublishInput input, VerifiedSession? session,
        long calledAt, IPublishEndpoint? hostEndpoint, CancellationToken cancellationToken)
    {
        var payload = ToPayload(route, input, session);
        var partitionKey = PublishedPartitionKey.Of(route, input, payload.Span);
        if (PublishOnce.IsAsked(data))
            return PublishOnceAsync(route, data, payload, partitionKey, session, calledAt, hostEndpoint, cancellationToken);

        return sender.SendAsync(CallOf(route, input, payload, partitionKey, session, calledAt), hostEndpoint, cancellationToken);
    }

    // The publish may go on for other callers after this one has given up and used its buffers for something else.
    private Task<PublishResult> PublishOnceAsync(Route route, MessageBrokerPublishInput data, ReadOnlyMemory<byte> payload, string? partitionKey,
        VerifiedSession? session, long calledAt, IPublishEndpoint? hostEndpoint, CancellationToken cancellationToken)
    {
        var input = data.Input! with { Headers = data.Input.Headers is { } headers ? new Dictionary<string, object?>(headers) : null };
        var copy = payload.ToArray();
        return once.PublishAsync(
            route, data, copy, session is null ? null : $"{session.Tag}:{session.User}", hostEndpoint is not null,
            token => sender.SendAsync(CallOf(route, input, copy, partitionKey, session, calledAt), hostEndpoint, token),
            cancellationToken);
    }

    private PublishCall CallOf(
        Route route, PublishInput input, ReadOnlyMemory<byte> payload, string? partitionKey, VerifiedSession? session, long calledAt) => new(route, input)
        {
            Session = session,
            CalledAt = calledAt,
            PartitionKey = partitionKey,
            Payload = payload,
            SerializerOptions = Options.SerializerOptions,
        };

    public async Task<ISubscription> SubscribeAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(data);
        cancellationToken.ThrowIfCancellationRequested();
        var subscription = await subscriptions.BeginAsync(data, cancellationToken).ConfigureAwait(false);
        try
        {
            await subscription.Ready.WaitAsync(Options.SubscribeTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            logger.SubscriptionWaits(subscription.ProductTag, subscription.Event, subscription.Env, subscription.Connection);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DuctapeException(DuctapeErrorCodes.SubscribeFailed,
                $"the subscription with the queue {subscription.Queue} was stopped before {subscription.Connection} had it.", exception)
            { Event = subscription.Event, Env = subscription.Env, ProductTag = subscription.ProductTag };
        }
        catch
        {
            await subscription.StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return subscription;
    }

    private static DuctapeException NoMessage(Route route) => route.Error(
        DuctapeErrorCodes.InvalidInput, "'input.message' is required and is missing or null: give the payload.");

    private static PublishInput Required(Route route, PublishInput? input)
    {
        if (input is null)
            throw route.Error(DuctapeErrorCodes.InvalidInput, "'input' is required and is missing: give { \"message\": … }.");
        if (input.Message is null)
            throw NoMessage(route);
        if (input.Headers is { Count: > 0 } headers)
            PublishedHeaders.Check(headers, route);
        return input;
    }

    // A type that the declared one does not list.
    private static string AsDerived(PublishInput input, Exception exception) =>
        exception is NotSupportedException && input.DeclaredType is { } declared && input.Message!.GetType() is var type && type != declared
            ? $" Name {type.Name} with [JsonDerivedType] on {declared.Name}, or publish it as a {type.Name}."
            : "";

    private ReadOnlyMemory<byte> ToPayload(Route route, PublishInput input, VerifiedSession? session)
    {
        ReadOnlyMemory<byte> payload;
        try
        {
            if (input.Message is JsonElement { ValueKind: JsonValueKind.Undefined })
                throw NoMessage(route);

            payload = PayloadJson.ToUtf8(input.Message!, input.DeclaredType, Options.SerializerOptions);
            if (route.Sessions.ResolveReferences)
                payload = SessionReferences.Resolve(route, payload, session);
        }
        // A property or a converter of the caller's own may throw anything.
        catch (Exception exception) when (exception is not (DuctapeException or OutOfMemoryException))
        {
            throw route.Error(DuctapeErrorCodes.InvalidInput,
                $"'input.message' cannot be written as JSON: {exception.Message}{AsDerived(input, exception)}", exception);
        }

        if (PayloadJson.IsNull(payload.Span))
            throw NoMessage(route);
        if (payload.Length > route.MaxMessageSize)
        {
            throw route.Error(DuctapeErrorCodes.MessageTooLarge,
                $"the payload has {payload.Length} bytes and {route.Entity} on {route.Connection.Description} takes at most "
                + $"{route.MaxMessageSize}. Nothing was sent. Send less, or raise MaxMessageSize of the broker's environment where the "
                + "broker itself allows more.");
        }

        if (route.Limits is { } limits)
            Check(limits, payload.Span, route, input);
        else if (input.Headers is { Count: > 0 } headers && route.MaxMessageSize is { } most)
            PublishedHeaders.CheckSize(headers, payload.Length, most, route);
        route.Check?.Run(route, payload, logger);
        return payload;
    }

    private static void Check(IMessageLimits limits, ReadOnlySpan<byte> payload, Route route, PublishInput input)
    {
        try
        {
            limits.Check(payload, input.Headers, route.Format, route.MaxMessageSize ?? int.MaxValue);
        }
        catch (DuctapeException exception)
        {
            throw exception.During(route.Event, route.Env, route.ProductTag);
        }
    }
}
