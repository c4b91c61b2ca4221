using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Ductape.MassTransit.Conformance;

/// <summary>
/// tests/Ductape.MassTransit.CallWorker in a process of its own, which goes through what the library can do and says
/// which of its members MassTransit called meanwhile.
/// </summary>
public static class CallWorker
{
    private static readonly string Program = typeof(CallWorker).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(x => x.Key == "CallWorker").Value!;

    /// <summary>
    /// The names of assemblies and the tokens of their members, and what failed on the way, or null.
    /// </summary>
    public static async Task<(IReadOnlySet<(string Assembly, int Token)> Calls, string? Failure)> RunAsync(params string[] flow)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. flow]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Optimized code puts the last call of a method in the place of the method, which is gone from the stack then.
        start.Environment["DOTNET_JITMinOpts"] = "1";
        using var process = new Process { StartInfo = start };
        process.Start();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Eventually.Deadline * 3);
        }
        finally
        {
            process.Kill();
        }

        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var calls = lines.Select(x => x.Split(' ')).Where(x => x.Length == 2).Select(x => (x[0], int.Parse(x[1], CultureInfo.InvariantCulture)));
        return (calls.ToHashSet(), lines is [.., "done"] ? null : await errors);
    }
}
