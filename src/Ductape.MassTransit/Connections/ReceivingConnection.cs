using Ductape.MassTransit.Schemas;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Connections;

/// <summary>The connection that a bus receives on, where that is one of its own. Begins with the first subscription.</summary>
/// <param name="bus">The bus.</param>
/// <param name="time">The clock.</param>
/// <param name="hide">Takes secrets out of what the broker's client said.</param>
/// <param name="changed">Is told of each state.</param>
/// <param name="cameBack">Is called when it is there again after a loss.</param>
/// <param name="stopping">Ends it.</param>
internal sealed class ReceivingConnection(
    TransportBus bus, TimeProvider time, Func<Exception, Exception> hide, Action<ConnectionState?, ConnectionState> changed, Action cameBack,
    CancellationToken stopping)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionState? _state;
    private Task? _supervision;
    private bool _wasConnected;

    /// <summary>What is known of it, or null before the first subscription.</summary>
    public ConnectionState? State => Volatile.Read(ref _state);

    /// <summary>Completes when it has ended.</summary>
    public Task Ended => _supervision ?? Task.CompletedTask;

    /// <summary>Completes when it is connected.</summary>
    public Task ConnectedAsync()
    {
        lock (_lock)
        {
            if (_supervision is null)
            {
                Set(ConnectionStatus.Connecting, null);
                _supervision = Task.Run(
                    () => new ConnectionLoop(time).RunAsync(() => bus.ConnectReceivingAsync(stopping), SetConnected, SetDisconnected, stopping),
                    CancellationToken.None);
            }

            return _connected.Task;
        }
    }

    private void SetConnected()
    {
        lock (_lock)
        {
            Set(ConnectionStatus.Connected, null);
            _connected.TrySetResult();
        }

        if (_wasConnected)
            cameBack();
        _wasConnected = true;
    }

    private void SetDisconnected(Exception error)
    {
        lock (_lock)
        {
            if (_connected.Task.IsCompleted)
                _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Set(ConnectionStatus.Disconnected, hide(error));
        }
    }

    private void Set(ConnectionStatus status, Exception? error)
    {
        var before = _state;
        var since = before?.Status == status ? before.Since : time.GetUtcNow();
        Volatile.Write(ref _state, new ConnectionState(status, since, error));
        changed(before, _state);
    }
}
