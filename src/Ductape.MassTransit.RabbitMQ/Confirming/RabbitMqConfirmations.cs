using System.Diagnostics;
using Ductape.MassTransit.RabbitMQ.Failures;
using Ductape.MassTransit.RabbitMQ.Messages;
using Ductape.MassTransit.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.RabbitMQ.Confirming;

/// <summary>
/// Publishes on one channel, which nobody else publishes on. RabbitMQ.Client can follow confirmations itself, but then
/// sends every message's number along as a header, and looks through all that wait whenever several are confirmed at
/// once: the channel has to have confirmations without that tracking. Thread-safe.
/// </summary>
internal sealed class RabbitMqConfirmations
{
    private readonly IChannel _channel;
    private readonly CallsInFlight _calls;
    private readonly Func<Task<IChannel>>? _open;
    private readonly Lock _lock = new();
    private readonly RabbitMqUnconfirmed _waiting = new();
    private readonly RabbitMqQueuedPublishes _queued;
    // Only for the one reader of the connection.
    private readonly List<RabbitMqPublish> _answered = [];
    // The client has one message at a time, so that what it fails to write is not taken for the one after it.
    private bool _isWriting;
    private Exception? _end;
    private Exception? _refusal;

    /// <param name="channel">The channel.</param>
    /// <param name="calls">Where each publish is counted until its end.</param>
    /// <param name="mostProperties">The most bytes of properties; more is refused before it is sent.</param>
    /// <param name="open">Opens another channel, to find the message that the server does not take; or null.</param>
    public RabbitMqConfirmations(IChannel channel, CallsInFlight calls, int mostProperties = int.MaxValue, Func<Task<IChannel>>? open = null)
    {
        _channel = channel;
        _calls = calls;
        _queued = new RabbitMqQueuedPublishes(calls);
        MostProperties = mostProperties;
        _open = open;
        channel.BasicAcksAsync += OnConfirmedAsync;
        channel.BasicNacksAsync += OnRefusedAsync;
        channel.BasicReturnAsync += OnReturnedAsync;
        channel.ChannelShutdownAsync += OnClosedAsync;
        if (channel.CloseReason is { } reason)
            End(new AlreadyClosedException(reason));
    }

    /// <summary>The most bytes of properties, headers among them; more is refused before it is sent.</summary>
    public int MostProperties { get; set; }

    /// <summary>Is told of the server's answers, or null.</summary>
    public RabbitMqAnswerHandlers? Answers { get; set; }

    /// <summary>The number of the publish that has waited longest for its answer; 0 when none waits.</summary>
    public ulong Oldest
    {
        get
        {
            lock (_lock)
                return _waiting.Oldest;
        }
    }

    /// <summary>Completes when the server has confirmed it. The token takes back what is not written yet.</summary>
    public Task PublishAsync(
        string exchange, string routingKey, bool mandatory, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        // Without headers there are ids and a content type.
        if (properties.Headers is { Count: > 0 } && RabbitMqFrame.SizeOf(properties) is var size && size > MostProperties)
            return Task.FromException(RabbitMqFrame.TooLarge(size, MostProperties));

        var publish = new RabbitMqPublish(exchange, routingKey, mandatory, properties, body, cancellationToken);
        ValueTask writing;
        lock (_lock)
        {
            if ((_end ?? _refusal) is { } end)
                return Task.FromException(end);

            _calls.Enter();
            if (_isWriting)
            {
                _queued.Add(publish);
                return publish.Task;
            }

            // Before the client is called: a listener of its traces may publish in its turn.
            _isWriting = true;
            writing = Write(publish);
            _isWriting = !writing.IsCompletedSuccessfully || _queued.Any;
            if (!_isWriting)
                return publish.Task;
        }

        _ = WriteOnAsync(writing, publish);
        return publish.Task;
    }

    /// <summary>Refuses what is published from now on. What waits is answered.</summary>
    public void Refuse(Exception exception)
    {
        lock (_lock)
            _refusal = exception;
    }

    /// <summary>Ends all that wait, and refuses what is published later.</summary>
    public void End(Exception exception) => Fail(TakeSent(exception), exception);

    /// <summary>Ends what the client does not have yet, and returns what the server has not answered.</summary>
    private RabbitMqPublish[] TakeSent(Exception exception)
    {
        RabbitMqPublish[] sent, queued;
        lock (_lock)
        {
            if (_end is not null)
                return [];

            _end = exception;
            sent = _waiting.TakeAll();
            queued = _queued.TakeAll();
        }

        Fail(queued, exception);
        return sent;
    }

    private ValueTask Write(RabbitMqPublish publish)
    {
        _waiting.Add(publish);
        return _channel.BasicPublishAsync(publish.Exchange, publish.RoutingKey, publish.Mandatory, publish.Properties, publish.Body);
    }

    /// <summary>Waits until the client has written a message, and writes those that have come meanwhile.</summary>
    private async Task WriteOnAsync(ValueTask writing, RabbitMqPublish publish)
    {
        try
        {
            while (true)
            {
                await writing.ConfigureAwait(false);
                lock (_lock)
                {
                    do
                    {
                        if (_queued.TakeNext() is not { } next)
                        {
                            _isWriting = false;
                            return;
                        }

                        publish = next;
                        // The client's own trace goes on in that of whoever published.
                        if (Activity.Current != publish.Activity)
                            Activity.Current = publish.Activity;
                        writing = Write(publish);
                    }
                    while (writing.IsCompletedSuccessfully);
                }
            }
        }
        catch (Exception exception)
        {
            await GiveUpAsync(publish, exception).ConfigureAwait(false);
        }
    }

    // Nobody knows whether the server has got it, so neither which number the next one has.
    private async Task GiveUpAsync(RabbitMqPublish publish, Exception exception)
    {
        bool isWaiting;
        lock (_lock)
            isWaiting = _waiting.Remove(publish);
        if (isWaiting)
            Fail([publish], RabbitMqPublishFailure.NotWritten(exception, _channel));
        End(RabbitMqPublishFailure.AfterNotWritten(exception));
        await _channel.AbortAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task OnConfirmedAsync(object sender, BasicAckEventArgs confirmation)
    {
        Take(confirmation.DeliveryTag, confirmation.Multiple);
        Answers?.Confirmed(_answered);
        foreach (var publish in _answered)
        {
            publish.TrySetResult();
            _calls.Exit();
        }

        return Task.CompletedTask;
    }

    private Task OnRefusedAsync(object sender, BasicNackEventArgs refusal)
    {
        Take(refusal.DeliveryTag, refusal.Multiple);
        Fail(_answered, RabbitMqPublishFailure.Refused(refusal.DeliveryTag, isUnsettled: Answers?.Refused(_answered) == true));
        return Task.CompletedTask;
    }

    // The confirmation of the same message comes after it, and finds nobody.
    private Task OnReturnedAsync(object sender, BasicReturnEventArgs returned)
    {
        if (RabbitMqPublish.FindNumber(returned) is not { } number)
            return Task.CompletedTask;

        Take(number, multiple: false);
        Fail(_answered, RabbitMqPublishFailure.Returned(number, returned));
        return Task.CompletedTask;
    }

    private Task OnClosedAsync(object sender, ShutdownEventArgs reason)
    {
        var closed = new AlreadyClosedException(reason);
        var sent = TakeSent(closed);
        // Which of them it was nobody says. On a connection there are other channels too.
        if (RabbitMqMessageException.IsOfConnection(reason))
            Fail(sent, new RabbitMqMessageException(reason, isCertain: false));
        else if (!RabbitMqMessageException.IsOfChannel(reason))
            Fail(sent, closed);
        else if (sent.Length == 1)
            Fail(sent, new RabbitMqMessageException(reason, isCertain: true));
        else if (_open is not null)
            _ = RabbitMqSuspects.SendAsync(sent, _open, _calls);
        else
            Fail(sent, new RabbitMqMessageException(reason, isCertain: false));
        return Task.CompletedTask;
    }

    private void Fail(IEnumerable<RabbitMqPublish> publishes, Exception exception)
    {
        foreach (var publish in publishes)
        {
            publish.TrySetException(exception);
            // Whoever published it may have given up.
            _ = publish.Task.Exception;
            _calls.Exit();
        }
    }

    /// <summary>Leaves in <see cref="_answered"/> what a number answers, alone or with all before it.</summary>
    private void Take(ulong number, bool multiple)
    {
        _answered.Clear();
        lock (_lock)
            _waiting.Take(number, multiple, _answered);
    }
}
