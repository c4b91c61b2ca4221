using System.Diagnostics;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>What happens meanwhile, on standard error, so that standard output is the table alone.</summary>
internal static class Progress
{
    private static readonly Stopwatch Clock = Stopwatch.StartNew();

    public static void Say(string line) => Console.Error.WriteLine($"{Clock.Elapsed:mm\\:ss} {line}");
}
