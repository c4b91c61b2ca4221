using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// A RabbitMQ node of one's own, on loopback alone, with free ports, in a temporary folder that goes with it. It ends
/// only processes that it started: the node, and the port mapper (epmd) that Erlang would otherwise leave behind.
/// </summary>
internal sealed class PrivateRabbitMq : IAsyncDisposable
{
    // Debian's wrapper in the PATH insists on the user rabbitmq; the script behind it does not.
    private static readonly string[] Folders = ["/usr/lib/rabbitmq/bin", "/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin"];
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ductape-rabbitmq-");
    private readonly string _scripts;
    private readonly Dictionary<string, string> _environment;
    private readonly List<Process> _started = [];
    private readonly List<string> _output = [];
    private int _disposed;

    private PrivateRabbitMq(string scripts)
    {
        _scripts = scripts;
        var ports = FreePorts(3);
        Port = ports[0];
        _environment = Environment(_folder.FullName, ports);
    }

    public int Port { get; }

    public string Url => $"amqp://guest:guest@127.0.0.1:{Port}/";

    /// <summary>Starts a node and waits until it accepts AMQP connections.</summary>
    /// <exception cref="InvalidOperationException">RabbitMQ is not installed, or the node does not start.</exception>
    public static async Task<PrivateRabbitMq> StartAsync()
    {
        var scripts = Array.Find(Folders, x => File.Exists(Path.Combine(x, "rabbitmq-server")))
            ?? throw new InvalidOperationException(
                $"rabbitmq-server is not installed (looked in {string.Join(", ", Folders)}): apt-get install rabbitmq-server");
        var rabbit = new PrivateRabbitMq(scripts);
        try
        {
            rabbit.Start("epmd", "-port", rabbit._environment["ERL_EPMD_PORT"], "-address", "127.0.0.1");
            await rabbit.WaitUntilReachableAsync(rabbit.Start(Path.Combine(scripts, "rabbitmq-server")));
            return rabbit;
        }
        catch
        {
            await rabbit.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs rabbitmqctl against the node.</summary>
    /// <returns>The lines that it printed, without table headers.</returns>
    public async Task<string[]> ControlAsync(params string[] arguments)
    {
        using var control = Process.Start(StartInfo(Path.Combine(_scripts, "rabbitmqctl"), ["-q", .. arguments, .. arguments[0].StartsWith("list_", StringComparison.Ordinal) ? ["--no-table-headers"] : Array.Empty<string>()]))!;
        var error = control.StandardError.ReadToEndAsync();
        var output = await control.StandardOutput.ReadToEndAsync();
        await control.WaitForExitAsync();
        return control.ExitCode == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)}: {await error}{output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        foreach (var process in Enumerable.Reverse(_started))
        {
            try
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync().WaitAsync(StopTimeout);
            }
            catch (InvalidOperationException)
            {
                // It had ended already.
            }

            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static Dictionary<string, string> Environment(string folder, int[] ports)
    {
        var name = $"ductape-{NewId.NextGuid():N}@localhost";
        // Neither the machine's configuration nor its plugins.
        var config = Path.Combine(folder, "rabbitmq.conf");
        var plugins = Path.Combine(folder, "enabled_plugins");
        File.WriteAllText(config, "");
        File.WriteAllText(plugins, "[].");
        return new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["RABBITMQ_NODENAME"] = name,
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{ports[0]}",
            ["RABBITMQ_DIST_PORT"] = $"{ports[1]}",
            ["ERL_EPMD_PORT"] = $"{ports[2]}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "none.conf"),
            ["RABBITMQ_CONFIG_FILE"] = config,
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
            ["RABBITMQ_SCHEMA_DIR"] = Path.Combine(folder, "schema"),
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(folder, "config"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
        };
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        var ports = listeners.Select(x => ((IPEndPoint)x.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }

    private Process Start(string program, params string[] arguments)
    {
        try
        {
            var process = Process.Start(StartInfo(program, arguments))!;
            _started.Add(process);
            process.OutputDataReceived += (_, x) => Keep(x.Data);
            process.ErrorDataReceived += (_, x) => Keep(x.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return process;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{program} does not start: {exception.Message}. apt-get install rabbitmq-server", exception);
        }
    }

    private ProcessStartInfo StartInfo(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _environment)
            info.Environment[name] = value;
        return info;
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.Add(line);
    }

    private async Task WaitUntilReachableAsync(Process node)
    {
        var factory = new ConnectionFactory { Uri = new Uri(Url), AutomaticRecoveryEnabled = false };
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                await using var connection = await factory.CreateConnectionAsync();
                return;
            }
            catch (BrokerUnreachableException exception)
            {
                if (node.HasExited || clock.Elapsed > StartTimeout)
                {
                    string[] last;
                    lock (_output)
                        last = [.. _output.TakeLast(20)];
                    throw new InvalidOperationException(
                        $"The RabbitMQ node {(node.HasExited ? "ended" : "was not there after " + StartTimeout)}: {string.Join('\n', last)}", exception);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }
}
