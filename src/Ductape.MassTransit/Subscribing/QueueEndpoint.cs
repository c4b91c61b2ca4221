using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// The receive endpoint of a queue. MassTransit keeps the configuration of every endpoint that was ever connected, so
/// this one is made once, and stopped and started again. Whoever starts, restarts or stops it does one after the
/// other; the rest is thread-safe.
/// </summary>
internal sealed class QueueEndpoint
{
    // An endpoint that does not end must not hold up a pause, a reload or a shutdown that waits for this one.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(2);

    private readonly EndpointSetup _setup;
    private readonly DeliveryGate _gate;
    private readonly DeliveryDispatcher _dispatcher;
    private readonly TimeProvider _time;
    private readonly EndpointHealth _health = new();
    private IReceiveEndpoint? _endpoint;
    private volatile EndpointState _state;
    private CancellationTokenSource _givingUp = new();

    // Those that were begun. One that was given up goes on, and would stop what was started meanwhile.
    private Task _stops = Task.CompletedTask;

    public QueueEndpoint(EndpointSetup setup, DeliveryGate gate, ProviderLifetime provider, TimeProvider time, ILogger logger)
    {
        _setup = setup;
        _gate = gate;
        _time = time;
        _dispatcher = new DeliveryDispatcher(this, gate, setup, provider, logger);
        _health.Stops += Abandon;
    }

    public TransportBus Bus => _setup.Bus;

    public RetryWaits? Retries => _setup.Retries;

    /// <summary>Whether the bus has it.</summary>
    public bool IsMade => _endpoint is not null;

    public bool IsRunning => _state == EndpointState.Running;

    /// <summary>
    /// Whether it is about to stop on purpose, or has stopped; also while a next start waits for that: what comes
    /// meanwhile still comes to the one that stops.
    /// </summary>
    public bool IsStopping => _state is EndpointState.Stopped or EndpointState.StopGivenUp or EndpointState.AwaitingStop;

    /// <summary>Whether it is about to start again, when a stop is complete whose wait was given up.</summary>
    public bool AwaitsStop => _state == EndpointState.AwaitingStop;

    /// <summary>Whether it receives now.</summary>
    public bool IsReceiving => _health.IsReady;

    /// <summary>Why it does not, where that is known.</summary>
    public Exception? Fault => _health.Fault;

    /// <inheritdoc cref="EndpointSetup.HoldsInside"/>
    public bool HoldsInside => _setup.HoldsInside;

    /// <summary>
    /// Whether it runs on when its subscription ends. A queue that nobody removes would fill up unread: its endpoint
    /// drops what comes.
    /// </summary>
    public bool OutlivesSubscriptions => _setup.KeepsRunning || QueueStays;

    /// <summary>Starts it where it does not run, and waits until it receives.</summary>
    /// <exception cref="Exception">The broker refuses the queue; the endpoint is then stopped again.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsRunning)
            return;

        // MassTransit does not start an endpoint whose stop was given up before that stop is complete.
        if (_state == EndpointState.StopGivenUp)
            _ = BeginStop(CancellationToken.None);
        _state = WasGivenUp ? EndpointState.AwaitingStop : EndpointState.Starting;
        var ready = _health.Begin(Bus.Capabilities.IsRefusal);
        if (_endpoint is null)
        {
            _endpoint = Make();
        }
        else
        {
            if (WasGivenUp)
            {
                await _stops.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }

            (_stops, _state) = (Task.CompletedTask, EndpointState.Starting);
            StartAgain(_endpoint);
        }

        _state = EndpointState.Running;
        try
        {
            await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            using var limit = new CancellationTokenSource(StopLimit, _time);
            await StopOrAbandonAsync(again: false, limit.Token).ConfigureAwait(false);
            if (exception is not OperationCanceledException)
                _health.Refused(exception);
            throw;
        }
    }

    /// <summary>Starts it anew where it runs and does not receive.</summary>
    public async Task RestartAsync()
    {
        if (!IsRunning || IsReceiving)
            return;

        await _endpoint!.Stop(CancellationToken.None).ConfigureAwait(false);
        _ = _health.Begin(Bus.Capabilities.IsRefusal);
        StartAgain(_endpoint);
    }

    /// <summary>Stops it where it runs, and waits for its callbacks in flight.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => TryStopAsync(again: false, cancellationToken);

    /// <summary>
    /// Stops it as <see cref="StopAsync"/> does. Where the wait is given up, the messages of its callbacks return to
    /// the queue.
    /// </summary>
    /// <param name="again">Whether one whose stop was given up before still has callbacks to wait for.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public async Task StopOrAbandonAsync(bool again, CancellationToken cancellationToken)
    {
        if (!await TryStopAsync(again, cancellationToken).ConfigureAwait(false))
            await AbandonDeliveriesAsync().ConfigureAwait(false);
    }

    /// <summary>It is about to stop, whoever stops it: nothing may wait inside it any more.</summary>
    public void Abandon()
    {
        Retries?.GiveBack();
        _gate.Abandon();
    }

    // When its consumer stops, although it is ephemeral.
    private bool QueueStays => _setup.Topology.Ephemeral && !Bus.Traits.HasFlag(BusTraits.RemovesEphemeralQueues);

    private bool WasGivenUp => _state is EndpointState.StopGivenUp or EndpointState.AwaitingStop;

    private IReceiveEndpoint Make()
    {
        var topology = _setup.Topology;
        return (QueueStays
            ? Bus.Bus.ConnectReceiveEndpoint(new EphemeralEndpoint(topology.Queue), null, Configure)
            : Bus.Bus.ConnectReceiveEndpoint(topology.Queue, Configure)).ReceiveEndpoint;

        void Configure(IReceiveEndpointConfigurator endpoint) => _setup.Configure(endpoint, _health, _gate, _dispatcher.DeliverAsync);
    }

    private void StartAgain(IReceiveEndpoint endpoint)
    {
        _setup.Order?.Begin();
        Retries?.Begin();
        endpoint.Start(CancellationToken.None);
    }

    /// <returns>False when the wait for the callbacks was given up: the endpoint takes no more messages.</returns>
    private async Task<bool> TryStopAsync(bool again, CancellationToken cancellationToken)
    {
        var wasGivenUp = WasGivenUp;
        if (!IsRunning && !(again && wasGivenUp))
            return true;

        if (!wasGivenUp)
            _givingUp = new CancellationTokenSource();
        _health.End();
        _state = EndpointState.Stopped;
        if (!HoldsInside)
            _gate.Abandon();
        // First no turn comes any more: the next message of a key must not overtake one whose wait is ended.
        var returning = _setup.Order?.ReturnAsync(_setup.Topology, cancellationToken);
        Retries?.GiveBack();
        if (returning is not null)
            await returning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            // Not with the caller's token: MassTransit does not even begin a stop that was given up before.
            await BeginStop(_givingUp.Token).WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _state = EndpointState.StopGivenUp;
            return false;
        }
    }

    private Task BeginStop(CancellationToken givingUp)
    {
        var stop = _endpoint!.Stop(givingUp);
        _stops = Task.WhenAll(_stops, stop);
        return stop;
    }

    // Its callbacks go on here, and their messages belong to another process.
    private async Task AbandonDeliveriesAsync()
    {
        await _givingUp.CancelAsync().ConfigureAwait(false);
        if (Bus.Capabilities.DeliveryReturning is not { } returning)
            return;

        var abandoning = returning.AbandonDeliveriesAsync(_setup.Topology);
        // A server that does not answer must not hold up whoever has given up.
        await abandoning.WaitAsync(AbandonLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ = abandoning.ContinueWith(static x => x.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
    }
}
