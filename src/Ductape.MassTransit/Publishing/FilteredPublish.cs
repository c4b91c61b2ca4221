using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Publishing;

/// <summary>
/// One publish on its way through the application's filters. It is sent once: a filter may hand it on again after that
/// failed, and never beside it.
/// </summary>
internal sealed class FilteredPublish(OutgoingPublish publish, PublishStep send, CancellationToken cancellationToken)
{
    private readonly Route _route = publish.Route;
    private readonly Lock _lock = new();
    private IPublishFilter[] _filters = [];
    private SendState _state;

    private enum SendState
    {
        NotTried,
        UnderWay,
        NotSent,
        Sent,
    }

    public Task<PublishResult> RunAsync(IPublishFilter[] filters)
    {
        _filters = filters;
        return RunAsync(0, MessageOf(publish), null);
    }

    /// <summary>Whether an exception is none that the caller gets as it is.</summary>
    public bool IsFailure(Exception exception) => exception is not (DuctapeException or OutOfMemoryException)
        && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested);

    public DuctapeException Failed(string what, Exception exception)
    {
        var reason = exception.Reason();
        return Error($"{what}: {reason}{(reason.EndsWith('.') ? "" : ".")} {Fate}", exception);
    }

    private string Fate
    {
        get
        {
            lock (_lock)
            {
                return _state switch
                {
                    SendState.NotTried => "Nothing was sent.",
                    SendState.Sent => "The broker has the message.",
                    _ => "The broker may or may not have the message: publish it again, under the same MessageId where you gave it one.",
                };
            }
        }
    }

    private async Task<PublishResult> RunAsync(int index, OutgoingMessage message, FilterRun? outer)
    {
        if (index == _filters.Length)
            return await SendAsync(message, outer).ConfigureAwait(false);

        var filter = _filters[index];
        var run = new FilterRun(outer);
        try
        {
            var running = filter.PublishAsync(message, x => RunAsync(index + 1, x ?? throw HandedOnNull(filter), run), cancellationToken) ?? throw ReturnedNull(filter);
            return await running.ConfigureAwait(false) ?? throw ReturnedNull(filter);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            // Before it is told what became of the message.
            End(run);
            throw Failed($"the publish filter {filter.GetType()} failed", exception);
        }
        finally
        {
            End(run);
        }
    }

    private void End(FilterRun run)
    {
        lock (_lock)
            run.IsOver = true;
    }

    private async Task<PublishResult> SendAsync(OutgoingMessage message, FilterRun? run)
    {
        var before = Begin(run);
        var after = before;
        try
        {
            // What an earlier attempt has left may still be read.
            var sending = Apply(before == SendState.NotTried ? publish : publish.Again(), message);
            after = SendState.NotSent;
            var result = await send(sending, cancellationToken).ConfigureAwait(false);
            after = SendState.Sent;
            return result;
        }
        finally
        {
            lock (_lock)
                _state = after;
        }
    }

    private SendState Begin(FilterRun? run)
    {
        SendState before;
        lock (_lock)
        {
            before = _state;
            var isOver = false;
            for (var x = run; x is not null; x = x.Outer)
                isOver |= x.IsOver;
            if (before is SendState.NotTried or SendState.NotSent && !isOver)
            {
                _state = SendState.UnderWay;
                return before;
            }
        }

        throw Error(before switch
        {
            SendState.Sent => "a publish filter called 'next' again after the message was sent: it can be sent once. Publish another message.",
            SendState.UnderWay => "a publish filter called 'next' again before an earlier call of it was complete: await that one. The message is sent once.",
            _ => "a publish filter was complete before what it handed on was sent: await 'next'. This call of it sends nothing.",
        });
    }

    /// <summary>What the filters made of it, checked as what the caller gave was.</summary>
    private OutgoingPublish Apply(OutgoingPublish sending, OutgoingMessage message)
    {
        // A filter that keeps the message can change them any time.
        sending.Headers = message.Headers.Count == 0 ? null : CopyOf(message.Headers);
        if (sending.Headers is not null)
            PublishedHeaders.Check(sending.Headers, _route);
        if (!message.Body.Equals(sending.Payload))
        {
            try
            {
                sending.Payload = PayloadJson.Checked(message.Body);
            }
            catch (System.Text.Json.JsonException exception)
            {
                throw _route.Error(DuctapeErrorCodes.InvalidInput,
                    $"the payload that a publish filter has made is no JSON: {exception.Message} Nothing was sent. Bytes that are no JSON go as a JSON string, for example in Base64.", exception);
            }
        }

        PublishedSize.Check(_route, sending.Payload.Span, sending.Headers);
        return sending;
    }

    private static OutgoingMessage MessageOf(OutgoingPublish publish) => new()
    {
        Event = publish.Route.Event,
        Env = publish.Route.Env,
        ProductTag = publish.Route.ProductTag,
        MessageId = publish.MessageId.ToString(),
        PartitionKey = publish.PartitionKey,
        Session = publish.Session is { } session
            ? new ReceivedSession(session.Tag, session.Id, session.User, session.ExpiresAt, session.Token, session.Claims)
            : null,
        Headers = CopyOf(publish.Headers),
        Body = publish.Payload,
    };

    // Of two names that differ in case alone the last one counts, as without filters.
    private static Dictionary<string, object?> CopyOf(IEnumerable<KeyValuePair<string, object?>>? headers)
    {
        var copy = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers ?? [])
            copy[name] = value;
        return copy;
    }

    private DuctapeException Error(string what, Exception? cause = null) => _route.Error(DuctapeErrorCodes.PublishFailed, what, cause);

    private DuctapeException ReturnedNull(IPublishFilter filter) => Error($"the publish filter {filter.GetType()} returned null: return what 'next' returns. {Fate}");

    private DuctapeException HandedOnNull(IPublishFilter filter) => Error($"the publish filter {filter.GetType()} handed on null: give 'next' a message. {Fate}");

    /// <summary>
    /// A filter at work on the publish. When it is complete, nothing that it handed on is sent any more.
    /// </summary>
    private sealed class FilterRun(FilterRun? outer)
    {
        public FilterRun? Outer => outer;

        public bool IsOver { get; set; }
    }
}
