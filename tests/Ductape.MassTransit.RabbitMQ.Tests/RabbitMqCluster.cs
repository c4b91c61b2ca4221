using System.Diagnostics;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// Three nodes that are one cluster, with an epmd of their own. Single ones may be killed, frozen, and brought back.
/// </summary>
public sealed class RabbitMqCluster : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly int _epmdPort = RabbitMqNode.FreePort();
    private readonly HashSet<RabbitMqNode> _frozen = [];
    private Process? _epmd;

    public RabbitMqCluster()
    {
        var cookie = Guid.NewGuid().ToString("N");
        Nodes = [.. Enumerable.Range(0, 3).Select(_ => new RabbitMqNode(_epmdPort, cookie))];
        var members = string.Join(", ", Nodes.Select(x => $"'{x.Name}'"));
        foreach (var node in Nodes)
            node.Terms = $"[{{rabbit, [{{cluster_nodes, {{[{members}], disc}}}}]}}].";
    }

    public IReadOnlyList<RabbitMqNode> Nodes { get; }

    private RabbitMqNode Healthy => Nodes.First(x => x.IsRunning && !_frozen.Contains(x));

    public async ValueTask InitializeAsync()
    {
        _epmd = Process.Start(new ProcessStartInfo("epmd", ["-port", $"{_epmdPort}", "-address", "127.0.0.1"]))!;
        await Task.WhenAll(Nodes.Select(x => x.StartAsync()));
        await CompleteAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        if (_epmd is null)
            return;

        _epmd.Kill();
        await _epmd.WaitForExitAsync();
        _epmd.Dispose();
    }

    /// <summary>
    /// The configuration of a broker environment on these nodes, in the order in which they are tried.
    /// </summary>
    public static JsonObject Env(params IEnumerable<RabbitMqNode> nodes) => new()
    {
        ["Type"] = "RABBITMQ",
        ["Config"] = new JsonObject
        {
            ["Hosts"] = new JsonArray([.. nodes.Select(x => (JsonNode)$"127.0.0.1:{x.Port}")]),
            ["Username"] = "guest",
            ["Password"] = "guest",
            ["QueueType"] = "Quorum",
            ["Heartbeat"] = "00:00:05",
            ["ConnectTimeout"] = "00:00:05",
        },
    };

    /// <summary>The node with the leader of a quorum queue.</summary>
    public async Task<RabbitMqNode> LeaderAsync(string queue) =>
        await FindAsync("list_queues", ["name", "leader"], x => x[0] == queue, x => x[1]);

    /// <summary>The node that the library's publishing connection leads to.</summary>
    public Task<RabbitMqNode> ConnectedAsync() =>
        FindAsync("list_connections", ["pid", "client_properties"], x => x[1].Contains("(publishing)", StringComparison.Ordinal), x => x[0]);

    public async Task FreezeAsync(RabbitMqNode node)
    {
        _frozen.Add(node);
        await node.FreezeAsync();
    }

    /// <summary>
    /// How long the nodes take to notice that one of them answers nothing, give or take a quarter; until
    /// <see cref="RestoreAsync"/>.
    /// </summary>
    public async Task SetTickTimeAsync(TimeSpan time)
    {
        foreach (var node in Nodes.Where(x => x.IsRunning && !_frozen.Contains(x)))
            await node.ControlAsync("eval", $"net_kernel:set_net_ticktime({(int)time.TotalSeconds}, 0).");
    }

    /// <summary>Brings back whatever is dead or frozen.</summary>
    public async Task RestoreAsync()
    {
        foreach (var node in _frozen.Where(x => x.IsRunning))
            await node.ThawAsync();
        _frozen.Clear();
        await SetTickTimeAsync(RabbitMqNode.TickTime);
        await Task.WhenAll(Nodes.Where(x => !x.IsRunning).Select(x => x.StartAsync()));
        await CompleteAsync();
    }

    private async Task<RabbitMqNode> FindAsync(string list, string[] columns, Func<string[], bool> isMeant, Func<string[], string> nodeOf)
    {
        var lines = (await Healthy.ControlAsync([list, .. columns])).Split('\n').Select(x => x.Trim().Split('\t')).Where(x => x.Length > 1).ToArray();
        var found = lines.FirstOrDefault(isMeant) ?? throw new InvalidOperationException($"{list} has none:\n{string.Join('\n', lines.Select(x => string.Join(' ', x)))}");
        return Nodes.Single(x => nodeOf(found).Contains(x.Name, StringComparison.Ordinal));
    }

    private Task CompleteAsync() => Eventually.TrueAsync(
        async () => (await Healthy.ControlAsync("eval", "length(rabbit_nodes:all_running()).")).Trim() == "3", Deadline, "the cluster is complete");
}
