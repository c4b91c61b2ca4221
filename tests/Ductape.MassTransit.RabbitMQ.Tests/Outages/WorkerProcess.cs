using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>A consumer in a process of its own, tests/Ductape.MassTransit.ChaosWorker, and what it says.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly string Program = typeof(WorkerProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(x => x.Key == "ChaosWorker").Value!;

    private readonly Process _process;
    private readonly ConcurrentQueue<int> _begun = new();
    private readonly ConcurrentQueue<int> _ended = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private volatile bool _ready;

    private WorkerProcess(string url, string broker, int callbackMilliseconds, int shutdownSeconds)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Program, url, broker, $"{callbackMilliseconds}", $"{shutdownSeconds}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The numbers whose callbacks have begun, in that order, again when they were delivered again.</summary>
    public IReadOnlyCollection<int> Begun => _begun;

    /// <summary>The numbers whose callbacks have ended.</summary>
    public IReadOnlyCollection<int> Ended => _ended;

    public static async Task<WorkerProcess> StartAsync(string url, string broker, int callbackMilliseconds = 0, int shutdownSeconds = 30)
    {
        var worker = new WorkerProcess(url, broker, callbackMilliseconds, shutdownSeconds);
        await Eventually.TrueAsync(() => worker._ready || worker._process.HasExited, TimeSpan.FromSeconds(60));
        Assert.True(worker._ready, string.Join('\n', worker._errors));
        return worker;
    }

    /// <summary>Sends SIGTERM, as an orchestrator does, and waits for the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        switch (line?.Split(' '))
        {
            case ["begin", var number]:
                _begun.Enqueue(int.Parse(number, CultureInfo.InvariantCulture));
                break;
            case ["end", var number]:
                _ended.Enqueue(int.Parse(number, CultureInfo.InvariantCulture));
                break;
            case ["ready"]:
                _ready = true;
                break;
        }
    }
}
