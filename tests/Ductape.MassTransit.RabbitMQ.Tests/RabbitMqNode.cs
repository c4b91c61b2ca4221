using System.Diagnostics;
using Ductape.MassTransit.Conformance;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// A RabbitMQ node of one's own: on free ports of the loopback interface, in a temporary folder, with an epmd of its
/// own. It may be killed and started again; its data stays until it is disposed.
/// </summary>
public sealed class RabbitMqNode : IAsyncDisposable
{
    /// <summary>
    /// How long nodes take to notice that another one answers nothing: longer than a test looks at that.
    /// </summary>
    public static readonly TimeSpan TickTime = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("ductape-rabbitmq-").FullName;
    private readonly int _distributionPort = FreePort();
    private readonly int _epmdPort;
    private readonly bool _hasEpmd;
    private readonly string _cookie;
    private readonly string _name = $"ductape{Environment.ProcessId}x{FreePort()}@localhost";
    private Process? _server;
    private Process? _epmd;

    public RabbitMqNode()
        : this(FreePort(), Guid.NewGuid().ToString("N")) => _hasEpmd = true;

    /// <summary>
    /// A node of a cluster: the epmd on that port is somebody else's, and the cookie is that of all nodes.
    /// </summary>
    public RabbitMqNode(int epmdPort, string cookie) => (_epmdPort, _cookie) = (epmdPort, cookie);

    /// <summary>Its name among Erlang's nodes.</summary>
    public string Name => _name;

    public bool IsRunning => _server is not null;

    public int Port { get; } = FreePort();

    public string Url => $"amqp://guest:guest@127.0.0.1:{Port}/";

    /// <summary>Lines for rabbitmq.conf, set before the start.</summary>
    public string? Configuration { get; set; }

    /// <summary>
    /// Erlang terms for advanced.config, set before the start. They cost a start nothing, <see cref="Configuration"/>
    /// a second of CPU.
    /// </summary>
    public string? Terms { get; set; }

    public static int FreePort() => Conformance.FreePort.Take();

    /// <summary>Starts the node and waits until it takes connections.</summary>
    public async Task StartAsync()
    {
        if (_hasEpmd)
            _epmd ??= Run("epmd", []);
        if (Configuration is not null)
            File.WriteAllText(Path.Combine(_folder, "rabbitmq.conf"), Configuration);
        if (Terms is not null)
            File.WriteAllText(Path.Combine(_folder, "advanced.config"), Terms);
        File.WriteAllText(Path.Combine(_folder, "enabled_plugins"), "[].");
        _server = Run(RabbitMqInstallation.Server, []);
        try
        {
            await Eventually.TrueAsync(AcceptsConnectionsAsync, StartDeadline, "RabbitMQ takes connections");
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"RabbitMQ did not start. Its log:\n{Log()}", exception);
        }
    }

    /// <summary>
    /// Ends the node in good order, with all that it holds on its disk. A node that is killed may forget what was
    /// declared a moment before.
    /// </summary>
    public async Task StopAsync()
    {
        await ControlAsync("shutdown");
        await KillAsync();
    }

    /// <summary>Ends the node as a power failure would.</summary>
    public async Task KillAsync()
    {
        if (_server is null)
            return;

        _server.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Stops the node where it stands: its connections stay, and it answers nobody.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets a frozen node go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Returns what rabbitmqctl prints, which is asked where Erlang cannot be asked more cheaply.</summary>
    public async Task<string> ControlAsync(params string[] arguments)
    {
        if (await new ErlangCall(_name, _cookie, _epmdPort).TryAnswerAsync(arguments) is { } answer)
            return answer;

        using var process = Run(RabbitMqInstallation.Control, ["-q", "--node", _name, .. arguments]);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)}: {await output}{await errors}");
    }

    /// <summary>
    /// Returns what a rabbitmqctl list prints, once it shows <paramref name="shows"/>. One listing alone says little:
    /// it ends early where another test's queue goes away while it is made.
    /// </summary>
    public Task<string> ListAsync(string shows, params string[] arguments) => ListAsync([shows], arguments);

    /// <inheritdoc cref="ListAsync(string, string[])"/>
    public async Task<string> ListAsync(string[] shows, params string[] arguments)
    {
        var listing = "";
        await Eventually.TrueAsync(
            async () => shows.All((listing = await ControlAsync(arguments)).Contains), text: $"{string.Join(' ', arguments)} shows {string.Join(" and ", shows)}");
        return listing;
    }

    /// <summary>A client connection that knows nothing of this library or of MassTransit.</summary>
    public Task<IConnection> ConnectAsync() =>
        new ConnectionFactory { Uri = new Uri(Url), AutomaticRecoveryEnabled = false, ContinuationTimeout = Eventually.Deadline }.CreateConnectionAsync();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_epmd is not null)
        {
            _epmd.Kill(entireProcessTree: true);
            await _epmd.WaitForExitAsync();
            _epmd.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(_folder, "pid"))).Trim();
        using var kill = Process.Start("kill", [$"-{signal}", pid]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task<bool> AcceptsConnectionsAsync()
    {
        if (_server!.HasExited)
            throw new InvalidOperationException($"rabbitmq-server ended with exit code {_server.ExitCode}.");

        try
        {
            await using var connection = await ConnectAsync();
            return connection.IsOpen;
        }
        catch (Exception exception) when (exception is global::RabbitMQ.Client.Exceptions.BrokerUnreachableException)
        {
            return false;
        }
    }

    private Process Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = _folder,
            ["ERL_EPMD_PORT"] = $"{_epmdPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = _name,
            ["RABBITMQ_NODE_PORT"] = $"{Port}",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} -kernel net_ticktime " + (int)TickTime.TotalSeconds,
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
            ["RABBITMQ_SCHEMA_DIR"] = Path.Combine(_folder, "schema"),
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(_folder, "generated"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(_folder, "advanced.config"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder, "rabbitmq-env.conf"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(_folder, "pid"),
        })
            start.Environment[name] = value;
        start.Environment["RABBITMQ_ERLANG_COOKIE"] = _cookie;
        var process = Process.Start(start)!;
        if (program != RabbitMqInstallation.Control)
        {
            // An unread pipe would block the node once it is full.
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        return process;
    }

    private string Log()
    {
        var folder = new DirectoryInfo(Path.Combine(_folder, "log"));
        return folder.Exists
            ? string.Join('\n', folder.GetFiles("*.log").Select(x => File.ReadAllText(x.FullName)))
            : "(it wrote none)";
    }
}
