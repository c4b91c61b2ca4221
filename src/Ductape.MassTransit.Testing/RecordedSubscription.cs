namespace Ductape.MassTransit.Testing;

/// <summary>A subscription of a <see cref="RecordingMessageBroker"/>.</summary>
internal sealed class RecordedSubscription(
    EventName name, string env, string product, SubscribeInput input, Action<RecordedSubscription> stop) : ISubscription
{
    private readonly Lock _lock = new();
    private readonly Queue<ReceivedMessage> _waiting = new();
    private bool _isStopped;

    public string Id { get; } = NewId.NextGuid().ToString("N");

    public string Event { get; } = name.ToString();

    public string Env => env;

    public string ProductTag => product;

    public string Queue { get; } = string.Join('-', new[]
    {
        product, name.Broker, name.Topic, env, input.Ephemeral ? NewId.NextGuid().ToString("N") : input.Subscription,
    }.OfType<string>());

    public Task Ready => Task.CompletedTask;

    public bool IsPaused { get; private set; }

    public Task PauseAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ThrowIfStopped();
            IsPaused = true;
        }

        return Task.CompletedTask;
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReceivedMessage? next;
            lock (_lock)
            {
                ThrowIfStopped();
                IsPaused = _waiting.TryDequeue(out next);
            }

            if (next is null)
                return;
            await input.Callback!(next).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            _isStopped = true;
        stop(this);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => new(StopAsync(CancellationToken.None));

    public bool Receives(string @event, string itsEnv) => EventName.Parse(@event) == name && string.Equals(env, itsEnv, StringComparison.OrdinalIgnoreCase);

    /// <summary>Calls the callback; while paused, the message waits.</summary>
    public Task DeliverAsync(ReceivedMessage message)
    {
        lock (_lock)
        {
            if (_isStopped)
                return Task.CompletedTask;
            if (IsPaused)
            {
                _waiting.Enqueue(message);
                return Task.CompletedTask;
            }
        }

        return input.Callback!(message);
    }

    private void ThrowIfStopped()
    {
        if (_isStopped)
            throw new ObjectDisposedException(null, $"The subscription to '{Event}' with the queue {Queue} was stopped. Subscribe again.");
    }
}
