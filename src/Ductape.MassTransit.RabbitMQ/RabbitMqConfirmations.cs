using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using PublishException = RabbitMQ.Client.Exceptions.PublishException;

namespace Ductape.MassTransit;

/// <summary>
/// Publishes on one channel, each of which completes once the server has confirmed it. RabbitMQ.Client can follow confirmations itself, but then sends every
/// message's number along as a header, and looks through all that wait whenever the server confirms several at once. The channel has to have
/// confirmations without that tracking, and nobody else may publish on it. Thread-safe.
/// </summary>
internal sealed class RabbitMqConfirmations
{
    // By which the server says what it returns. The client's own name for it, which receivers know not to take for one of the application's.
    private const string NumberHeader = "x-dotnet-pub-seq-no";

    private readonly IChannel _channel;
    private readonly RabbitMqCalls _calls;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, TaskCompletionSource> _waiting = [];
    // Only for the one reader of the connection.
    private readonly List<TaskCompletionSource> _answered = [];
    // The server counts what it receives, from one.
    private ulong _next = 1;
    private ulong _oldest = 1;
    private Exception? _end;

    public RabbitMqConfirmations(IChannel channel, RabbitMqCalls calls)
    {
        _channel = channel;
        _calls = calls;
        channel.BasicAcksAsync += OnConfirmedAsync;
        channel.BasicNacksAsync += OnRefusedAsync;
        channel.BasicReturnAsync += OnReturnedAsync;
        channel.ChannelShutdownAsync += OnClosedAsync;
        if (channel.CloseReason is { } reason)
            End(new AlreadyClosedException(reason));
    }

    /// <summary>Publishes a message. The task is complete when the server has confirmed it.</summary>
    public Task PublishAsync(string exchange, string routingKey, bool mandatory, BasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var confirmed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ValueTask writing;
        ulong number;
        // The client takes what it is called with in turn, whether or not it can write it at once: so this is the order in which the server counts.
        lock (_lock)
        {
            if (_end is not null)
                return Task.FromException(_end);

            number = _next;
            if (mandatory)
                (properties.Headers ??= new Dictionary<string, object?>())[NumberHeader] = (long)number;
            writing = _channel.BasicPublishAsync(exchange, routingKey, mandatory, properties, body);
            // The client did not take it, and the server does not count it.
            if (writing.IsCompleted && !writing.IsCompletedSuccessfully)
                return FailedAsync(writing);

            _calls.Enter();
            _waiting.Add(number, confirmed);
            _next++;
        }

        if (!writing.IsCompletedSuccessfully)
            _ = ObserveAsync(writing, confirmed);
        return confirmed.Task;
    }

    /// <summary>Ends all that wait, and what is published later.</summary>
    public void End(Exception exception)
    {
        TaskCompletionSource[] waiting;
        lock (_lock)
        {
            _end ??= exception;
            waiting = [.. _waiting.Values];
            _waiting.Clear();
        }

        Fail(waiting, exception);
    }

    private Task OnConfirmedAsync(object sender, BasicAckEventArgs confirmation)
    {
        Take(confirmation.DeliveryTag, confirmation.Multiple);
        foreach (var confirmed in _answered)
        {
            confirmed.TrySetResult();
            _calls.Exit();
        }

        return Task.CompletedTask;
    }

    private Task OnRefusedAsync(object sender, BasicNackEventArgs refusal)
    {
        Take(refusal.DeliveryTag, refusal.Multiple);
        Fail(_answered, new RabbitMqConnectionException("RabbitMQ refused the message.", new PublishException(refusal.DeliveryTag, isReturn: false)));
        return Task.CompletedTask;
    }

    // The confirmation of the same message comes after it, and finds nobody.
    private Task OnReturnedAsync(object sender, BasicReturnEventArgs returned)
    {
        if (returned.BasicProperties.Headers?.TryGetValue(NumberHeader, out var header) != true || header is not long number)
            return Task.CompletedTask;

        Take((ulong)number, multiple: false);
        Fail(_answered, new MessageReturnedException("RabbitMQ returned the message.", new PublishReturnException((ulong)number,
            $"{returned.ReplyCode} {returned.ReplyText}", returned.Exchange, returned.RoutingKey, returned.ReplyCode, returned.ReplyText)));
        return Task.CompletedTask;
    }

    private Task OnClosedAsync(object sender, ShutdownEventArgs reason)
    {
        End(new AlreadyClosedException(reason));
        return Task.CompletedTask;
    }

    private void Fail(IEnumerable<TaskCompletionSource> publishes, Exception exception)
    {
        foreach (var confirmed in publishes)
        {
            confirmed.TrySetException(exception);
            // Whoever published it may have given up.
            _ = confirmed.Task.Exception;
            _calls.Exit();
        }
    }

    /// <summary>Leaves in <see cref="_answered"/> what the server answers with a number, alone or with all before it.</summary>
    private void Take(ulong number, bool multiple)
    {
        _answered.Clear();
        lock (_lock)
        {
            if (!multiple)
            {
                Take(number);
                if (number == _oldest)
                    _oldest++;
            }
            else if (number - _oldest <= (ulong)_waiting.Count)
            {
                while (_oldest <= number)
                    Take(_oldest++);
            }
            else
            {
                // Most of them were answered one by one, out of turn.
                foreach (var waiting in _waiting.Keys)
                {
                    if (waiting <= number)
                        Take(waiting);
                }

                _oldest = number + 1;
            }
        }
    }

    private void Take(ulong number)
    {
        if (_waiting.Remove(number, out var confirmed))
            _answered.Add(confirmed);
    }

    private async Task FailedAsync(ValueTask writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        // The client trips over its own state when the connection is closed in the middle of a publish.
        catch (InvalidOperationException exception) when (!_channel.IsOpen)
        {
            throw new RabbitMqConnectionException("The channel was closed.", exception);
        }
    }

    private async Task ObserveAsync(ValueTask writing, TaskCompletionSource confirmed)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It was counted here and is not by the server, so that nothing on this channel can be told apart any more.
            confirmed.TrySetException(exception);
            End(new RabbitMqConnectionException("The channel was closed, since a message could not be written to it.", exception));
            await _channel.AbortAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
