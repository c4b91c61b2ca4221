using System.Globalization;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>A cluster of three nodes with quorum queues that loses one of them. Whole again after each test.</summary>
public sealed class ClusterTests(RabbitMqCluster cluster, ITestOutputHelper output) : IClassFixture<RabbitMqCluster>, IAsyncLifetime
{
    private const int Members = 3;

    // Shorter than a silent node stays a member, and the other nodes keep its queues and declarations waiting.
    private static readonly TimeSpan Deadline = Eventually.Deadline;
    private static int _broker;

    private readonly List<ConformanceApp> _apps = [];
    private readonly string _tag = $"cluster{Interlocked.Increment(ref _broker)}";
    private readonly Inbox _inbox = new();

    private string[] Events => [$"{_tag}:created", $"{_tag}:shipped"];

    private string Entity => $"{_tag}-created-test";

    private string Queue => $"shop-{_tag}-created-test";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await cluster.RestoreAsync();
        foreach (var app in _apps)
            await app.DisposeAsync();
    }

    [Fact]
    public async Task The_node_of_the_connection_and_of_the_leaders_dies()
    {
        var load = await StartAsync(cluster.Nodes[0], cluster.Nodes[0]);

        await LosesAsync(cluster.Nodes[0], cluster.Nodes[0].KillAsync, "kill of the node of the connection and of the leaders", load);

        await EndAsync(load);
    }

    [Fact]
    public async Task The_node_of_the_leaders_dies_and_then_one_that_only_follows()
    {
        var load = await StartAsync(cluster.Nodes[1], cluster.Nodes[0]);

        await LosesAsync(cluster.Nodes[1], cluster.Nodes[1].KillAsync, "kill of the node of the leaders", load);
        await cluster.RestoreAsync();
        var follower = cluster.Nodes.Except([await cluster.LeaderAsync(Queue), await cluster.ConnectedAsync()]).First();
        await LosesAsync(follower, follower.KillAsync, "kill of a node that only follows", load);

        await EndAsync(load);
    }

    [Fact]
    public async Task The_node_of_the_connection_answers_nothing_any_more()
    {
        var load = await StartAsync(cluster.Nodes[2], cluster.Nodes[1]);

        await LosesAsync(cluster.Nodes[1], () => cluster.FreezeAsync(cluster.Nodes[1]), "freeze of the node of the connection", load);

        await cluster.RestoreAsync();
        await EndAsync(load);
    }

    [Theory]
    [InlineData(0, "the leaders")]
    [InlineData(1, "the connection and of the leaders")]
    public async Task The_node_of_the_leaders_answers_nothing_any_more(int leader, string whose)
    {
        var load = await StartAsync(cluster.Nodes[leader], cluster.Nodes[1]);
        // The others elect leaders only when they have noticed.
        await cluster.SetTickTimeAsync(TimeSpan.FromSeconds(15));

        await LosesAsync(cluster.Nodes[leader], () => cluster.FreezeAsync(cluster.Nodes[leader]), $"freeze of the node of {whose}", load);

        // As it was it would not be let in again.
        await cluster.Nodes[leader].KillAsync();
        await cluster.RestoreAsync();
        await EndAsync(load);
    }

    [Fact]
    public async Task One_node_after_the_other_is_restarted()
    {
        var load = await StartAsync(cluster.Nodes[2], cluster.Nodes[2]);

        for (var i = 0; i < Members; i++)
        {
            await LosesAsync(cluster.Nodes[i], cluster.Nodes[i].StopAsync, $"rolling restart, node {i + 1}", load);
            await cluster.RestoreAsync();
        }

        await EndAsync(load);
    }

    [Fact]
    public async Task A_channel_on_which_everything_is_refused_is_replaced_and_closed()
    {
        await using var connection = await cluster.Nodes[0].ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.DeclareQueueOfAsync(Entity, new() { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" });
        var app = Create([cluster.Nodes[0]]);
        _apps.Add(app);
        await app.Broker.PublishAsync(Events[0], 0);
        var first = await ChannelsAsync();

        HashSet<string> last = [];
        await Eventually.TrueAsync(async () =>
        {
            for (var i = 0; i < 20; i++)
                Assert.Contains("refused the message", (await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Events[0], 1))).Message);
            return (last = await ChannelsAsync()).Except(first).Any();
        }, text: "the channel is another one");

        HealthReport? sick = null;
        await Eventually.TrueAsync(async () =>
        {
            await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Events[0], 1));
            return (sick = await HealthAsync(app)).Status == HealthStatus.Degraded;
        }, text: "the health is degraded");
        Assert.Contains($"the server refuses every message to {Entity}", sick!.Connection().Description);

        await channel.QueuePurgeAsync(Entity);
        await app.Broker.PublishAsync(Events[0], 2);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(app)).Status);
        await Eventually.TrueAsync(async () => (await ChannelsAsync()).Count == first.Count, text: "the channel before it is closed");
        Assert.NotEqual(first, last);
    }

    /// <summary>
    /// Starts publishing and receiving, with the leaders of the queues on one node and the connection to another.
    /// </summary>
    private async Task<ClusterLoad> StartAsync(RabbitMqNode leader, RabbitMqNode connected)
    {
        // A leader begins where its queue is declared.
        await using (var first = Create([leader]))
            await SubscribeAsync(first);
        var app = Create([connected, .. cluster.Nodes.Except([connected])]);
        _apps.Add(app);
        await SubscribeAsync(app);
        Assert.Equal(leader, await cluster.LeaderAsync(Queue));
        Assert.Equal(connected, await cluster.ConnectedAsync());
        return await ClusterLoad.StartAsync(app.Broker, Events);
    }

    private ConformanceApp Create(IReadOnlyList<RabbitMqNode> nodes)
    {
        var json = ConformanceApp.Configuration(RabbitMqCluster.Env(nodes), broker: _tag);
        json["Ductape"]!["PublishTimeout"] = "00:00:20";
        return new ConformanceApp(json, x => x.AddRabbitMq(), x => x.AddHealthChecks());
    }

    private static Task<HealthReport> HealthAsync(ConformanceApp app) => app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private async Task SubscribeAsync(ConformanceApp app)
    {
        foreach (var @event in Events)
            await (await app.Broker.SubscribeAsync(@event, _inbox.ReceiveAsync)).Ready.WaitAsync(Deadline);
    }

    /// <summary>A node goes, and publishing resumes before it is back.</summary>
    private async Task LosesAsync(RabbitMqNode node, Func<Task> lose, string what, ClusterLoad load)
    {
        var bare = new BareClient(cluster.Nodes.Except([node]).Prepend(node), Entity);
        await lose();
        var lost = TimeProvider.System.GetTimestamp();
        var times = await Task.WhenAll(load.ResumesAsync(lost, Deadline), bare.ResumesAsync(lost, Deadline));
        TestReport.Write(output, string.Create(CultureInfo.InvariantCulture,
            $"cluster, {what}: published again after {times[0].TotalSeconds:N1} s, a bare client after {times[1].TotalSeconds:N1} s, {load.Failures} publishes failed"));
    }

    private async Task<HashSet<string>> ChannelsAsync() => [.. (await cluster.Nodes[0].ControlAsync("list_channels", "pid")).Split('\n').Where(x => x.StartsWith('<'))];

    private async Task EndAsync(ClusterLoad load)
    {
        var confirmed = await load.StopAsync().WaitAsync(Deadline);
        await Eventually.TrueAsync(() => !confirmed.Except(_inbox.Bodies).Any(), Deadline, "everything confirmed has arrived");
    }
}
