using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Connections;

/// <summary>
/// The bus of a connection for as long as the broker is connected, the wait for it, and what is known of the
/// connection. Thread-safe.
/// </summary>
internal sealed class LiveBus(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<TransportBus> _connected = NewSignal();
    private volatile TransportBus? _current;
    private ConnectionState _state = new(ConnectionStatus.NotInUse, time.GetUtcNow());

    public ConnectionState State => Volatile.Read(ref _state);

    /// <summary>The bus, or null while the broker is not connected.</summary>
    public TransportBus? Current => _current;

    /// <summary>
    /// Completes with the bus when the broker is connected. Fails when the configuration is wrong, since waiting does
    /// not help then, and when the connection has stopped.
    /// </summary>
    public Task<TransportBus> Connected => Volatile.Read(ref _connected).Task;

    /// <summary>Completes when the broker was reached for the first time, or the first attempt failed.</summary>
    public Task FirstAttempt => _firstAttempt.Task;

    /// <summary>The first attempt is under way.</summary>
    public void SetConnecting()
    {
        lock (_lock)
            Set(ConnectionStatus.Connecting);
    }

    /// <returns>False when the connection has stopped.</returns>
    public bool TrySetConnected(TransportBus bus)
    {
        lock (_lock)
        {
            if (State.Status == ConnectionStatus.Stopped)
                return false;

            Set(ConnectionStatus.Connected);
            _current = bus;
            if (_connected.Task.IsCompleted)
                _connected = NewSignal();
            _connected.SetResult(bus);
            _firstAttempt.TrySetResult();
            return true;
        }
    }

    /// <returns>What was known before and what is known now; null when the connection has stopped.</returns>
    public (ConnectionState Before, ConnectionState Now)? SetDisconnected(Exception error)
    {
        lock (_lock)
        {
            var before = State;
            if (before.Status == ConnectionStatus.Stopped)
                return null;

            _current = null;
            if (_connected.Task.IsCompleted)
                _connected = NewSignal();
            // A failed attempt does not restart the clock of an outage.
            var since = before.Status == ConnectionStatus.Disconnected ? before.Since : time.GetUtcNow();
            var now = new ConnectionState(ConnectionStatus.Disconnected, since, error);
            Volatile.Write(ref _state, now);
            _firstAttempt.TrySetResult();
            // Waiting does not help where the configuration is wrong; whoever asks after the next attempt waits for
            // that one.
            if (error is DuctapeException)
                _connected.SetException(error);
            _ = _connected.Task.Exception;
            return (before, now);
        }
    }

    /// <summary>Ends it: whoever waits for the connection learns it now, whoever asks for it later too.</summary>
    /// <param name="stopped">What they learn.</param>
    /// <returns>False when it had ended before.</returns>
    public bool TrySetStopped(ObjectDisposedException stopped)
    {
        lock (_lock)
        {
            if (State.Status == ConnectionStatus.Stopped)
                return false;

            Set(ConnectionStatus.Stopped);
            _current = null;
            // A publish that was counted before this is waited for; one that is counted after it finds no bus.
            Interlocked.MemoryBarrier();
            if (!_connected.TrySetException(stopped))
            {
                _connected = NewSignal();
                _connected.SetException(stopped);
            }

            _ = _connected.Task.Exception;
            _firstAttempt.TrySetResult();
            return true;
        }
    }

    private void Set(ConnectionStatus status) => Volatile.Write(ref _state, new ConnectionState(status, time.GetUtcNow()));

    private static TaskCompletionSource<TransportBus> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
