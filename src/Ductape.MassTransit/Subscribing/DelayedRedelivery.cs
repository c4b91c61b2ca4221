using System.Runtime.ExceptionServices;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// Has the broker deliver a message again later, after the last of its retries in this process failed.
/// </summary>
internal sealed class DelayedRedelivery
{
    private readonly Route _route;
    private readonly Func<DelayedMessage, Task> _redeliver;
    private readonly EndpointTopology _endpoint;
    private readonly ProviderLifetime _provider;
    private readonly ILogger _logger;

    private DelayedRedelivery(Route route, Func<DelayedMessage, Task> redeliver, EndpointTopology endpoint, ProviderLifetime provider, ILogger logger)
    {
        _route = route;
        _redeliver = redeliver;
        _endpoint = endpoint;
        _provider = provider;
        _logger = logger;
    }

    /// <summary>The redelivery of an endpoint, or null where its topic asks for none or its bus has none.</summary>
    public static DelayedRedelivery? Of(
        Route route, Func<DelayedMessage, Task>? redeliver, EndpointTopology endpoint, ProviderLifetime provider, ILogger logger) =>
        route.Retry.Redelivery.IsEmpty || redeliver is null ? null : new DelayedRedelivery(route, redeliver, endpoint, provider, logger);

    public async Task CallAsync(ReceivedMessage message, Func<ReceivedMessage, Task> callback)
    {
        try
        {
            await callback(message).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsDue(message, exception))
        {
            message.Outcome = DeliveryOutcome.Failed;
            await RedeliverAsync(message, exception).ConfigureAwait(false);
        }
    }

    private async Task RedeliverAsync(ReceivedMessage message, Exception exception)
    {
        var redeliveries = message.Redeliveries;
        var delay = _route.Retry.Redelivery[redeliveries];
        try
        {
            await _redeliver(new DelayedMessage
            {
                Context = message.ConsumeContext,
                SenderMessageId = message.ConsumeContext.MessageId is null ? message.MessageId : null,
                Message = _route.Contract.CreateMessage(message.Body),
                Endpoint = _endpoint,
                Delay = delay,
                Serializer = TopicEnvelopeSerializer.IsEnvelope(message.ConsumeContext.ReceiveContext.ContentType?.MediaType)
                    ? TopicEnvelopeSerializer.Instance
                    : TopicEnvelopeSerializer.BareJson,
                Headers = new Dictionary<string, object>
                {
                    [DeliveryHeaders.Redeliveries] = redeliveries + 1,
                    [DeliveryHeaders.Attempts] = message.Attempt,
                },
            }).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            var cause = _route.Connection.Mask.Hide(failure);
            // It goes to the errors then, for the reason that it failed for in the first place; or comes again, where
            // the connection was lost.
            _logger.NotRedelivered(message.MessageId, message.Event, message.Env, _endpoint.Queue, cause.Message, cause);
            ExceptionDispatchInfo.Throw(exception);
        }

        _logger.Redelivered(message.MessageId, message.Event, message.Env, _endpoint.Queue, delay, exception.Message, exception);
    }

    private bool IsDue(ReceivedMessage message, Exception exception) =>
        message.ConsumeContext.GetRetryAttempt() >= _route.Retry.Delays.Length
        && _route.Retry.Exceptions.Contains(exception)
        && message.Redeliveries < _route.Retry.Redelivery.Length
        // A message that can no longer be acknowledged comes again anyway.
        && !message.CancellationToken.IsCancellationRequested
        // And so does one that failed because the process ends.
        && !_provider.IsOver;
}
