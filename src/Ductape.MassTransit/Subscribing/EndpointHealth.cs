namespace Ductape.MassTransit.Subscribing;

/// <summary>Watches a receive endpoint: whether it receives, and what keeps it from it.</summary>
internal sealed class EndpointHealth : IReceiveEndpointObserver
{
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<Exception, bool> _isRefusal = _ => false;
    private volatile Exception? _fault;
    private volatile bool _isReady;

    /// <summary>The endpoint is about to stop, whoever stops it.</summary>
    public event Action? Stops;

    /// <summary>Whether the endpoint receives now.</summary>
    public bool IsReady => _isReady;

    /// <summary>Why it does not, where that is known.</summary>
    public Exception? Fault => _fault;

    /// <summary>
    /// The endpoint is about to start: a task that completes when it receives, and fails when the broker refuses.
    /// </summary>
    public Task Begin(Func<Exception, bool> isRefusal)
    {
        _isRefusal = isRefusal;
        _fault = null;
        _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _ready.Task;
    }

    /// <summary>The endpoint is about to stop on purpose.</summary>
    public void End()
    {
        _isReady = false;
        _fault = null;
    }

    /// <summary>The broker refuses, and the endpoint was stopped for that: the reason stays.</summary>
    public void Refused(Exception reason) => _fault = reason;

    public Task Ready(ReceiveEndpointReady ready)
    {
        _isReady = true;
        _fault = null;
        _ready.TrySetResult();
        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        _isReady = false;
        var fault = faulted.Exception ?? new InvalidOperationException($"The receive endpoint {faulted.InputAddress} failed.");
        _fault = fault;
        if (_isRefusal(fault))
            _ready.TrySetException(fault);
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping)
    {
        Stops?.Invoke();
        return Task.CompletedTask;
    }

    public Task Completed(ReceiveEndpointCompleted completed)
    {
        _isReady = false;
        return Task.CompletedTask;
    }
}
