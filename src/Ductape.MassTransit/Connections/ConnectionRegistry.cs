using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit;

/// <summary>The connections of this process: one for each distinct pair of transport and settings.</summary>
internal sealed class ConnectionRegistry(
    TransportSet transports, ILoggerFactory loggers, SecretReferences secrets, ILogger<Connection> logger, TimeProvider time)
    : IAsyncDisposable, IDisposable
{
    // As long as a host waits by default.
    private static readonly TimeSpan DisposalLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Type, object Key), Lazy<Connection>> _connections = new();
    private volatile bool _stopped;

    public ICollection<Connection> All => [.. _connections.Values.Select(x => x.Value)];

    public Connection Get(BrokerEnvConfig env)
    {
        var transport = transports.OnTestHarness ? transports.Find(BrokerTypes.Host)! : env.Transport!;
        var settings = transports.OnTestHarness ? transport.CreateSettings() : env.Settings!;

        var connection = _connections
            .GetOrAdd((transport.Type, transport.GetConnectionKey(settings)),
                _ => new Lazy<Connection>(() => new Connection(transport, settings, env.ConfigPath, secrets, loggers, logger, time)))
            .Value;
        // One that is asked for after the end must not begin.
        if (_stopped)
            _ = connection.StopAsync(CancellationToken.None);
        return connection;
    }

    /// <summary>Stops the subscriptions first, so that callbacks in flight can still publish, then the connections.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await StopSubscriptionsAsync(cancellationToken).ConfigureAwait(false);
        _stopped = true;
        await Task.WhenAll(All.Select(x => x.StopAsync(cancellationToken))).ConfigureAwait(false);
    }

    public Task StopSubscriptionsAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All.SelectMany(x => x.Slots.Values).Select(x => x.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        // A callback that never ends must not keep the process from ending.
        using var limit = new CancellationTokenSource(DisposalLimit, time);
        await StopAsync(limit.Token).ConfigureAwait(false);
    }

    // A provider that is disposed synchronously has no other way to stop its buses.
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
}
