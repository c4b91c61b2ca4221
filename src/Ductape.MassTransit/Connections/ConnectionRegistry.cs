using System.Collections.Concurrent;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Connections;

/// <summary>
/// The connections of this process: one in use for each <see cref="ConnectionKey"/>, and while a reload runs those that
/// come and go.
/// </summary>
internal sealed class ConnectionRegistry(
    TransportSet transports, IConnectionQueues queues, ILoggerFactory loggers, ILogger<Connection> logger, TimeProvider time) : IAsyncDisposable, IDisposable
{
    // As long as a host waits by default.
    private static readonly TimeSpan DisposalLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<ConnectionKey, Lazy<Connection>> _connections = new();

    // Those that are about to take the place of one above, or had to leave it and are not stopped yet.
    private readonly ConcurrentDictionary<Connection, bool> _aside = new();
    private volatile bool _stopped;

    public ICollection<Connection> All => [.. _connections.Values.Select(x => x.Value).Concat(_aside.Keys)];

    public ConnectionKey KeyOf(BrokerEnvConfig env)
    {
        var (transport, settings) = TransportOf(env);
        return new ConnectionKey(transport.Type, transport.GetConnectionKey(settings), transports.OnTestHarness ? "" : env.SecretsFingerprint.Value);
    }

    public Connection Get(BrokerEnvConfig env)
    {
        var connection = _connections.GetOrAdd(KeyOf(env), _ => new Lazy<Connection>(() => Create(env))).Value;
        // One that is asked for after the end must not begin.
        if (_stopped)
            _ = connection.StopAsync(CancellationToken.None);
        return connection;
    }

    /// <summary>The connection of an environment, where there is one already.</summary>
    public Connection? Find(ConnectionKey key) => _connections.TryGetValue(key, out var connection) ? connection.Value : null;

    /// <summary>A second connection with the same settings, which nobody gets before <see cref="Promote"/>.</summary>
    public Connection CreateNext(BrokerEnvConfig env)
    {
        var connection = Create(env);
        _aside[connection] = true;
        return connection;
    }

    /// <summary>
    /// Puts a connection that <see cref="CreateNext"/> made in the place of the one with the same settings.
    /// </summary>
    public void Promote(ConnectionKey key, Connection next)
    {
        if (_connections.TryGetValue(key, out var old))
            _aside[old.Value] = true;
        _connections[key] = new Lazy<Connection>(next);
        _aside.TryRemove(next, out _);
    }

    /// <summary>
    /// Takes a connection out, so that nobody gets it any more; it still counts as one until <see cref="Forget"/>.
    /// </summary>
    public void SetAside(Connection connection)
    {
        _aside[connection] = true;
        foreach (var entry in _connections.Where(x => x.Value.Value == connection))
            _connections.TryRemove(entry);
    }

    public void Forget(Connection connection) => _aside.TryRemove(connection, out _);

    /// <summary>
    /// Stops the subscriptions first, so that callbacks in flight can still publish, then the connections.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Their callbacks may wait for publishes that a blocked broker does not take.
        await Task.WhenAll(All.Select(x => x.GiveUpBlockedAsync())).ConfigureAwait(false);
        await StopSubscriptionsAsync(cancellationToken).ConfigureAwait(false);
        _stopped = true;
        await Task.WhenAll(All.Select(x => x.StopAsync(cancellationToken))).ConfigureAwait(false);
    }

    public Task StopSubscriptionsAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All.SelectMany(queues.Of).Select(x => x.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        // A callback that never ends must not keep the process from ending.
        using var limit = new CancellationTokenSource(DisposalLimit, time);
        await StopAsync(limit.Token).ConfigureAwait(false);
    }

    // A provider that is disposed synchronously has no other way to stop its buses.
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();

    private Connection Create(BrokerEnvConfig env)
    {
        var (transport, settings) = TransportOf(env);
        return new Connection(new BusFactory(transport, settings, env.ConfigPath, env.Secrets, loggers, logger), queues, logger, time);
    }

    private (IBrokerTransport Transport, TransportSettings Settings) TransportOf(BrokerEnvConfig env)
    {
        if (!transports.OnTestHarness)
            return (env.Transport!, env.Settings!);

        var host = transports.Find(BrokerTypes.Host)!;
        return (host, host.CreateSettings());
    }
}
