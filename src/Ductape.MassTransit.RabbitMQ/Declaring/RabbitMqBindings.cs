using System.Collections.Concurrent;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.RabbitMQ.Declaring;

/// <summary>
/// Keeps the queues of this process bound to their topics. Somebody may delete an exchange or a binding while
/// everything is connected: a publisher makes the exchange again, here or in another process, and its messages would
/// come to nobody. So each topic is looked at now and then, one after another, and at once when a publish found its
/// exchange missing. Thread-safe.
/// </summary>
/// <param name="connect">The connection for receiving, as soon as there is one.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where an exchange that was deleted is told of.</param>
internal sealed class RabbitMqBindings(Func<CancellationToken, Task<IConnection>> connect, TimeProvider time, ILogger logger)
{
    /// <summary>How long it takes to look at every topic once.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(15);

    // A publish does not wait longer for the other connection.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Endpoint> _endpoints = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private IChannel? _channel;
    private int _started;

    /// <summary>
    /// A receive endpoint has declared what it needs. A durable queue collects when it is stopped, too.
    /// </summary>
    public void Add(EndpointTopology endpoint)
    {
        _endpoints[endpoint.Queue] = new Endpoint(endpoint, IsRunning: true);
        if (Interlocked.Exchange(ref _started, 1) == 0)
            _ = RunAsync();
    }

    /// <summary>A receive endpoint was stopped.</summary>
    public void Remove(EndpointTopology endpoint)
    {
        if (endpoint.Ephemeral)
            _endpoints.TryRemove(endpoint.Queue, out _);
        else if (_endpoints.TryGetValue(endpoint.Queue, out var known))
            _endpoints.TryUpdate(endpoint.Queue, known with { IsRunning = false }, known);
    }

    /// <summary>
    /// A publish found that some exchange is missing: makes this one again if it is the one, and binds the queues here
    /// before anything is published to it.
    /// </summary>
    /// <param name="exchange">The exchange of the topic that is published to.</param>
    /// <param name="declareAsync">Makes it, with the queues of the topic's declared subscribers.</param>
    public async Task RestoreAsync(string exchange, Func<Task> declareAsync)
    {
        var hasQueues = EndpointsOf(exchange).Any();
        var exists = !hasQueues || await TryAsync(() => ExistsAsync(exchange)).ConfigureAwait(false);
        await declareAsync().ConfigureAwait(false);
        if (hasQueues)
        {
            await TryAsync(async () =>
            {
                await BindAsync(exchange, !exists).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }
    }

    // Without the connection for receiving its endpoints bind their queues when they are there again.
    private async Task<bool> TryAsync(Func<Task<bool>> action)
    {
        try
        {
            return await WithGateAsync(action).WaitAsync(Patience, time, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            return true;
        }
    }

    private async Task<bool> WithGateAsync(Func<Task<bool>> action)
    {
        await _gate.WaitAsync(_stopping.Token).ConfigureAwait(false);
        try
        {
            return await action().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Stop() => _stopping.Cancel();

    private IEnumerable<Endpoint> EndpointsOf(string exchange) => _endpoints.Values.Where(x => x.Topic.Entity == exchange);

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var exchanges = _endpoints.Values.Select(x => x.Topic.Entity).Distinct(StringComparer.Ordinal).ToArray();
                foreach (var exchange in exchanges)
                {
                    // Spread over the round, whatever their number.
                    await Task.Delay(Round / exchanges.Length, time, _stopping.Token).ConfigureAwait(false);
                    await LookAsync(exchange).ConfigureAwait(false);
                }

                if (exchanges.Length == 0)
                    await Task.Delay(Round, time, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The bus was stopped.
        }
    }

    private async Task LookAsync(string exchange)
    {
        try
        {
            await WithGateAsync(async () =>
            {
                var exists = await ExistsAsync(exchange).ConfigureAwait(false);
                // Not for queues that nobody reads: a topic may have been removed for good.
                if (!exists && EndpointsOf(exchange).FirstOrDefault(x => x.IsRunning) is { Topic: var topic })
                {
                    var channel = await GetChannelAsync().ConfigureAwait(false);
                    await channel.ExchangeDeclareAsync(
                        exchange, topic.ExchangeType ?? ExchangeType.Fanout, durable: true, cancellationToken: _stopping.Token).ConfigureAwait(false);
                }
                else if (!exists)
                {
                    return false;
                }

                // Always: an exchange that another process has made again looks like any other, and so does one whose
                // binding was deleted.
                await BindAsync(exchange, !exists).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }
        catch (Exception) when (!_stopping.IsCancellationRequested)
        {
            // The next round comes.
        }
    }

    private async Task<bool> ExistsAsync(string exchange)
    {
        try
        {
            var channel = await GetChannelAsync().ConfigureAwait(false);
            await channel.ExchangeDeclarePassiveAsync(exchange, _stopping.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
    }

    private async Task BindAsync(string exchange, bool wasMissing)
    {
        var bound = 0;
        foreach (var endpoint in EndpointsOf(exchange))
        {
            var channel = await GetChannelAsync().ConfigureAwait(false);
            var key = endpoint.Topic.RoutingKey ?? "";
            try
            {
                // An ephemeral queue is behind an exchange of its own.
                await (endpoint.Topology.Ephemeral
                    ? channel.ExchangeBindAsync(endpoint.Queue, exchange, key, cancellationToken: _stopping.Token)
                    : channel.QueueBindAsync(endpoint.Queue, exchange, key, cancellationToken: _stopping.Token)).ConfigureAwait(false);
                bound++;
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode is Constants.NotFound or Constants.AccessRefused)
            {
                // Its queue is gone, and comes back with its endpoint if that runs; or the user lacks the right since,
                // which asking again does not bring back.
                _endpoints.TryRemove(KeyValuePair.Create(endpoint.Queue, endpoint));
            }
        }

        if (wasMissing && bound > 0)
            logger.ExchangeMadeAgain(exchange, bound);
    }

    private async Task<IChannel> GetChannelAsync()
    {
        if (_channel is { IsOpen: true } open)
            return open;

        var connection = await connect(_stopping.Token).ConfigureAwait(false);
        return _channel = await connection.CreateChannelAsync(cancellationToken: _stopping.Token).ConfigureAwait(false);
    }

    private sealed record Endpoint(EndpointTopology Topology, bool IsRunning)
    {
        public string Queue => Topology.Queue;

        public TopicTopology Topic => Topology.Topic;
    }
}
