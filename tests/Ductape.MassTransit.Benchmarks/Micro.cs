using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>Runs <see cref="MicroBenchmarks"/> with BenchmarkDotNet in this process.</summary>
internal static class Micro
{
    public static Table Run(bool quick)
    {
        Progress.Say("micro: BenchmarkDotNet");
        var job = (quick ? Job.Dry : Job.ShortRun.WithIterationTime(TimeInterval.FromMilliseconds(250))).WithToolchain(InProcessEmitToolchain.DontLogOutput);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance);
        var folder = Directory.CreateTempSubdirectory("ductape-micro-");
        try
        {
            var summary = BenchmarkRunner.Run<MicroBenchmarks>(config.WithArtifactsPath(folder.FullName));
            if (summary.HasCriticalValidationErrors || summary.Reports.Any(x => x.ResultStatistics is null))
                throw new InvalidOperationException($"BenchmarkDotNet did not run: {string.Join(' ', summary.ValidationErrors.Select(x => x.Message))}");

            return new Table(
                ["", "µs", "allocated B"],
                [.. summary.Reports.Select(x => (string[])
                [
                    x.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
                    (x.ResultStatistics!.Mean / 1000).ToString("0.00"),
                    (x.GcStats.GetBytesAllocatedPerOperation(x.BenchmarkCase) ?? 0).ToString("#,0"),
                ])]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
