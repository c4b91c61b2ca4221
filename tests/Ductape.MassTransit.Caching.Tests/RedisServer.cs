using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.Caching.Tests;

/// <summary>
/// A Redis server of one's own, on a free port of the loopback interface, in a temporary folder. It keeps nothing on
/// disk.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Server = "/usr/bin/redis-server";

    private readonly string _folder = Directory.CreateTempSubdirectory("ductape-redis-").FullName;
    private readonly int _port = FreePort.Take();
    private Process? _server;

    public string Address => $"127.0.0.1:{_port}";

    public async Task StartAsync()
    {
        if (!File.Exists(Server))
        {
            throw new InvalidOperationException(
                $"These tests need a Redis server and there is no {Server}. Run tests/run.sh, which installs it, or: apt-get install redis-server");
        }

        _server = Process.Start(new ProcessStartInfo(Server,
            ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder, "--logfile", "redis.log"])
        { WorkingDirectory = _folder })!;
        await Eventually.TrueAsync(AnswersAsync, TimeSpan.FromSeconds(30), "Redis answers");
    }

    /// <summary>Ends it as a power failure would; what it held is gone.</summary>
    public async Task KillAsync()
    {
        if (_server is null)
            return;

        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Keeps its connections open and answers nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        if (_server!.HasExited)
            throw new InvalidOperationException($"redis-server ended: {File.ReadAllText(Path.Combine(_folder, "redis.log"))}");

        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            return await new StreamReader(client.GetStream()).ReadLineAsync() == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{_server!.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
