namespace Ductape.MassTransit.Benchmarks;

/// <summary>What happens meanwhile, on standard error, so that standard output is the table alone.</summary>
internal static class Progress
{
    public static void Say(string line) => Console.Error.WriteLine(line);
}
