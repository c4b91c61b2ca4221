using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Secrets;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Connections;

/// <summary>
/// The connection that a bus receives on, where that is one of its own. Begins with the first subscription.
/// </summary>
/// <param name="bus">The bus.</param>
/// <param name="description">The broker in words, for the log.</param>
/// <param name="mask">Takes secrets out of what the broker's client said.</param>
/// <param name="cameBack">Is called when it is there again after a loss.</param>
/// <param name="logger">The log.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">Ends it.</param>
internal sealed class ReceivingConnection(
    IReceiveConnectionBus bus, string description, SecretMask mask, Action cameBack, ILogger logger, TimeProvider time, CancellationToken stopping)
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
            Set(ConnectionStatus.Disconnected, mask.Hide(error));
        }
    }

    private void Set(ConnectionStatus status, Exception? error)
    {
        var before = _state;
        var since = before?.Status == status ? before.Since : time.GetUtcNow();
        Volatile.Write(ref _state, new ConnectionState(status, since, error));
        Tell(before, _state);
    }

    private void Tell(ConnectionState? before, ConnectionState now)
    {
        if (now.Status == ConnectionStatus.Connected)
            logger.Receiving(description);
        else if (now.Status == ConnectionStatus.Disconnected && (before?.Status != now.Status || before.Reason != now.Reason))
            logger.NotReceiving(description, now.Reason!, now.Error!);
    }
}
