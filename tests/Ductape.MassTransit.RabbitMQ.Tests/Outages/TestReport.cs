namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>
/// Lines that a test has to tell, success or not: to its output and to the file that tests/run.sh prints at its end.
/// </summary>
internal static class TestReport
{
    private static readonly Lock Writing = new();

    public static void Write(ITestOutputHelper output, string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("DUCTAPE_TEST_REPORT") is not { Length: > 0 } file)
            return;

        lock (Writing)
            File.AppendAllText(file, line + Environment.NewLine);
    }

    /// <summary>A number that tests/run.sh sets for the large form of a test.</summary>
    public static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
