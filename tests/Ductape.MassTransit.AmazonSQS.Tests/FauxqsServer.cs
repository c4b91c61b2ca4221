using System.Diagnostics;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.AmazonSQS.Tests;

/// <summary>
/// A private emulator of SNS and SQS, the npm package fauxqs. $FAUXQS is the folder with its node_modules, which holds
/// the npm package node too; tests/run.sh installs both.
/// </summary>
public sealed class FauxqsServer : IAsyncDisposable
{
    private Process? _process;

    public string Url { get; private set; } = "";

    public async Task StartAsync()
    {
        var folder = Environment.GetEnvironmentVariable("FAUXQS")
            ?? throw new InvalidOperationException("$FAUXQS names no folder with the npm packages fauxqs and node; tests/run.sh installs them.");
        // The package node holds another with the program itself.
        var node = Directory.EnumerateFiles(Path.Combine(folder, "node_modules"), "node", SearchOption.AllDirectories)
            .FirstOrDefault(x => x.Contains("/node-", StringComparison.Ordinal) && x.EndsWith("/bin/node", StringComparison.Ordinal)) ?? "node";
        _process = Process.Start(new ProcessStartInfo(node, [Path.Combine(AppContext.BaseDirectory, "fauxqs.mjs"), folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var port = await _process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Deadline)
            ?? throw new InvalidOperationException("fauxqs did not start; it needs Node 22.5 or newer.");
        Url = $"http://127.0.0.1:{port}";
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is not { } process)
            return;

        process.StandardInput.Close();
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
