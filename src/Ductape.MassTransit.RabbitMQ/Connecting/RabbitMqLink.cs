using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.RabbitMQ.Connecting;

/// <summary>
/// One of the two connections of a bus: the one for publishing or the one for receiving. Only
/// <see cref="ConnectAsync"/> opens it, so that there is one attempt at a time, with the waits of whoever calls it;
/// everybody else gets what it opened. Thread-safe.
/// </summary>
/// <param name="host">Whose connection it is.</param>
/// <param name="purpose">What it is for, which is part of its name at the server.</param>
/// <param name="blocked">Is told when the server begins to take no publishes, with its reason, and when that ends, with
/// null.</param>
internal sealed class RabbitMqLink(IRabbitMqHostConfiguration host, string purpose, Action<string?>? blocked)
{
    private readonly Lock _lock = new();
    private readonly Lazy<ConnectionFactory> _factory = new(() => host.Settings.GetConnectionFactory());
    private TaskCompletionSource<RabbitMqOpenConnection> _opened = NewSignal();
    private volatile RabbitMqOpenConnection? _current;
    private volatile RabbitMqSocket? _socket;
    private volatile TaskCompletionSource _whenBlocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private bool _isStopped;

    /// <summary>The connection, or null while there is none.</summary>
    public RabbitMqOpenConnection? Current => _current is { IsUsable: true } current ? current : null;

    /// <summary>Why the server takes no publishes, or null.</summary>
    public string? Blocked => _current?.Blocked;

    /// <summary>Completes when the server takes no publishes; another one once that has ended.</summary>
    public Task WhenBlocked => _whenBlocked.Task;

    /// <summary>Tries once to open it, where it is not open.</summary>
    /// <param name="limit">How long the server may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes with the reason when it is lost.</returns>
    public async Task<Task<string>> ConnectAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (Current is { } current)
            return current.Lost;

        var opening = OpenAsync();
        try
        {
            var connection = await opening.WaitAsync(limit, cancellationToken).ConfigureAwait(false);
            Set(connection);
            return connection.Lost;
        }
        catch (Exception exception)
        {
            lock (_lock)
                _failure = exception;
            // What comes of an attempt that was given up has to be closed.
            if (!opening.IsCompletedSuccessfully)
                _ = CloseAsync(opening);
            if (exception is not TimeoutException || opening.IsCompleted)
                throw;

            // The client waits for the first word of a server without a limit.
            _socket?.Close();
            throw new TimeoutException($"the server accepted the connection and did not answer within {limit}");
        }
    }

    /// <summary>The connection, as soon as there is one.</summary>
    public Task<RabbitMqOpenConnection> WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Current is { } current)
                return Task.FromResult(current);
            if (!_isStopped && _opened.Task.IsCompleted)
                _opened = NewSignal();
            return _opened.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The connection.</summary>
    /// <exception cref="RabbitMqConnectionException">There is none at the moment.</exception>
    public RabbitMqOpenConnection Get()
    {
        lock (_lock)
            return Current ?? throw new RabbitMqConnectionException("There is no connection to the server.", _failure ?? new AlreadyClosedException(Closed));
    }

    /// <summary>Ends whoever waits for it, now and later.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            _failure = new RabbitMqConnectionException("The bus was stopped.");
            if (!_opened.TrySetException(_failure))
            {
                _opened = NewSignal();
                _opened.SetException(_failure);
            }

            _ = _opened.Task.Exception;
        }
    }

    /// <summary>Closes it.</summary>
    public Task CloseAsync() => _current?.CloseAsync() ?? Task.CompletedTask;

    private static ShutdownEventArgs Closed => new(ShutdownInitiator.Peer, Constants.ConnectionForced, "The connection is not open.");

    private void Set(RabbitMqOpenConnection connection)
    {
        lock (_lock)
        {
            _failure = null;
            _current = connection;
            if (!_isStopped)
            {
                if (_opened.Task.IsCompleted)
                    _opened = NewSignal();
                _opened.SetResult(connection);
                return;
            }
        }

        _ = connection.CloseAsync();
        throw new OperationCanceledException("The bus was stopped.");
    }

    private void SetBlocked(string? reason)
    {
        if (reason is null)
            _whenBlocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        else
            _whenBlocked.TrySetResult();
        blocked?.Invoke(reason);
    }

    private static async Task CloseAsync(Task<RabbitMqOpenConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
            await opening.Result.CloseAsync().ConfigureAwait(false);
    }

    private async Task<RabbitMqOpenConnection> OpenAsync()
    {
        var settings = host.Settings;
        var factory = _factory.Value;
        RabbitMqSocket? socket = null;
        IConnection? connection = null;
        try
        {
            await settings.Refresh(factory).ConfigureAwait(false);
            factory.SocketFactory = family => _socket = socket = RabbitMqSocket.Create(family);
            var name = $"{settings.ClientProvidedName} ({purpose})";
            connection = settings.EndpointResolver is { } resolver
                ? await factory.CreateConnectionAsync(resolver, name).ConfigureAwait(false)
                : await factory.CreateConnectionAsync([settings.Host], name).ConfigureAwait(false);
            // A server may say yes and close it at once: it is there when it has answered something.
            await using (var channel = await connection.CreateChannelAsync().ConfigureAwait(false))
                await channel.CloseAsync().ConfigureAwait(false);
            return new RabbitMqOpenConnection(connection, socket!, host, SetBlocked);
        }
        catch (Exception exception)
        {
            socket?.Close();
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            throw new RabbitMqConnectionException(exception is BrokerUnreachableException ? "Broker unreachable" : "The connection was not opened", exception);
        }
    }

    private static TaskCompletionSource<RabbitMqOpenConnection> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
