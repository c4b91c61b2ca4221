using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Ductape.MassTransit.Conformance;

/// <summary>
/// tests/Ductape.MassTransit.MemoryWorker in a process of its own, which does one thing over and over and says what it
/// holds after each round.
/// </summary>
public sealed class MemoryWorker : IAsyncDisposable
{
    private static readonly string Program = typeof(MemoryWorker).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(x => x.Key == "MemoryWorker").Value!;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();

    private MemoryWorker(IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Program, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>The bytes that live after each round of a worker that takes no commands.</summary>
    public static async Task<IReadOnlyList<long>> RunAsync(params string[] arguments)
    {
        await using var worker = new MemoryWorker(arguments);
        var rounds = new List<long>();
        while (await worker.ReadAsync() is { } line && line != "done")
            rounds.Add(long.Parse(line, CultureInfo.InvariantCulture));
        return rounds;
    }

    /// <summary>A worker that waits for commands.</summary>
    public static MemoryWorker Start(params string[] arguments) => new(arguments);

    /// <summary>Has a command carried out and returns what it answers: numbers, or none.</summary>
    public async Task<long[]> CommandAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return [.. (await ReadAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(x => long.Parse(x, CultureInfo.InvariantCulture))];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // Longer than what the worker itself waits for, so that it can say what did not come.
    private async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Deadline * 3)
        ?? throw new InvalidOperationException($"The worker ended: {string.Join('\n', _errors)}");
}
