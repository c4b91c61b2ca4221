using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ductape.MassTransit.RabbitMQ.Connecting;

/// <summary>
/// MassTransit's context of a connection, which knows of its own end and of the server's alarms, ends when the server
/// is silent, and closes in bounded time.
/// </summary>
internal sealed class RabbitMqOpenConnection : RabbitMqConnectionContext, IAsyncDisposable
{
    private const string Reason = "Connection Disposed";

    // A server that has nothing else to send was seen to send something once in a heartbeat, at the latest.
    private const double LongestSilence = 1.5;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    // A server that has blocked the connection does not read that it is to be closed.
    private static readonly TimeSpan BlockedCloseLimit = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RabbitMqSocket _socket;
    private readonly Lock _lock = new();
    private volatile string? _blocked;
    private volatile string? _silence;
    private Task? _closing;

    /// <param name="connection">The client's.</param>
    /// <param name="socket">Its socket.</param>
    /// <param name="host">Whose it is.</param>
    /// <param name="blocked">Is told of the server's alarms, and with null of their end.</param>
    public RabbitMqOpenConnection(IConnection connection, RabbitMqSocket socket, IRabbitMqHostConfiguration host, Action<string?> blocked)
        : base(connection, host, host.Settings.Host, CancellationToken.None)
    {
        _socket = socket;
        connection.ConnectionBlockedAsync += (_, alarm) =>
        {
            blocked(_blocked = string.IsNullOrEmpty(alarm.Reason) ? "no reason given" : alarm.Reason);
            return Task.CompletedTask;
        };
        connection.ConnectionUnblockedAsync += (_, _) =>
        {
            _blocked = null;
            blocked(null);
            return Task.CompletedTask;
        };
        connection.ConnectionShutdownAsync += (_, reason) =>
        {
            SetLost(reason, blocked);
            return Task.CompletedTask;
        };
        if (connection.CloseReason is { } reason)
            SetLost(reason, blocked);
        if (connection.Heartbeat > TimeSpan.Zero)
            _ = WatchAsync(connection.Heartbeat);
    }

    /// <summary>Completes with the reason when the connection is closed, by whomever.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Why the server takes no publishes, or null.</summary>
    public string? Blocked => _blocked;

    public bool IsUsable => _closing is null && Connection.IsOpen;

    public Task CloseAsync()
    {
        lock (_lock)
            return _closing ??= Task.Run(CloseOnceAsync);
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(CloseAsync());

    private void SetLost(ShutdownEventArgs reason, Action<string?> blocked)
    {
        _lost.TrySetResult(_silence ?? $"the connection was closed ({reason.ReplyCode}, {reason.ReplyText})");
        if (_blocked is null)
            return;

        _blocked = null;
        blocked(null);
    }

    private async Task WatchAsync(TimeSpan heartbeat)
    {
        // A short heartbeat must not cost the connection of a server that is busy for a moment.
        var limit = TimeSpan.FromTicks(Math.Max((heartbeat * LongestSilence).Ticks, (heartbeat + Grace).Ticks));
        using var timer = new PeriodicTimer(heartbeat / 4);
        // A connection that is gone is not kept until the next look.
        _ = Lost.ContinueWith(static (_, x) => ((PeriodicTimer)x!).Dispose(), timer, TaskScheduler.Default);
        while (Connection.IsOpen && await timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            if (_socket.Silence < limit)
                continue;

            _silence = $"the server was silent for {limit}, and its heartbeat is {heartbeat}";
            _socket.Close();
            return;
        }
    }

    private async Task CloseOnceAsync()
    {
        var limit = _blocked is null ? CloseLimit : BlockedCloseLimit;
        var closing = Connection.IsOpen
            ? Connection.CloseAsync(Constants.ReplySuccess, Reason, limit, abort: true, CancellationToken.None)
            : Task.CompletedTask;
        await closing.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!closing.IsCompleted || _blocked is not null)
            _socket.Close();
        await closing.WaitAsync(CloseLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Connection.DisposeAsync().ConfigureAwait(false);
    }
}
