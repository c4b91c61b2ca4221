using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Tests.Architecture;

/// <summary>
/// <c>docs/transports.md</c> says what each transport can do. The buses of the clouds are in builds with their packages
/// alone, and are not looked at.
/// </summary>
public sealed partial class TransportTableTests
{
    private static readonly string[] Columns = ["RabbitMQ", "SQS", "Service Bus", "in memory", "host"];

    private static readonly (string Interface, string[] Cells)[] Rows =
    [
        .. from row in Row().Matches(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/transports.md")))
           select (row.Groups["name"].Value, row.Groups["cells"].Value.Split('|').Skip(1).Select(x => x.Trim()).ToArray()),
    ];

    [Fact]
    public void Every_capability_has_its_row() => Assert.Equal(
        typeof(IBrokerTransport).Assembly.GetExportedTypes()
            .Where(x => x.IsInterface && x.Namespace == typeof(IBrokerTransport).Namespace && x != typeof(IBrokerTransport))
            .Select(x => x.Name).Where(x => x.EndsWith("Transport", StringComparison.Ordinal) || x.EndsWith("Bus", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
        Rows.Select(x => x.Interface).Order(StringComparer.Ordinal));

    [Fact]
    public void A_transport_has_the_capabilities_that_the_table_says() =>
        Check(typeof(IBrokerTransport), Columns, [
            One(typeof(RabbitMqSettings), typeof(IBrokerTransport)), One(typeof(AmazonSqsSettings), typeof(IBrokerTransport)),
            One(typeof(AzureServiceBusSettings), typeof(IBrokerTransport)), Own("InMemory.InMemoryTransport"), Own("Host.HostTransport"),
        ]);

    [Fact]
    public void A_bus_has_the_capabilities_that_the_table_says() =>
        Check(typeof(TransportBus), ["RabbitMQ", "in memory", "host"],
            [One(typeof(RabbitMqSettings), typeof(TransportBus)), Own("InMemory.InMemoryTransportBus"), Own("Host.HostTransportBus")]);

    private static void Check(Type what, string[] columns, Type[] types)
    {
        var suffix = what == typeof(TransportBus) ? "Bus" : "Transport";
        var rows = Rows.Where(x => x.Interface.EndsWith(suffix, StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(rows);
        foreach (var (name, cells) in rows)
        {
            // A note says when, and there is no yes or no.
            var expected = columns.Where(x => Cell(cells, x) == "yes");
            var actual = columns.Zip(types).Where(x => !Cell(cells, x.First).StartsWith('(') && x.Second.GetInterface(name) is not null).Select(x => x.First);
            Assert.Equal((name, string.Join(", ", expected)), (name, string.Join(", ", actual)));
        }
    }

    private static string Cell(string[] cells, string column) => cells[Array.IndexOf(Columns, column)];

    private static Type One(Type settings, Type what) => Assert.Single(settings.Assembly.GetTypes(), x => x.IsClass && !x.IsAbstract && what.IsAssignableFrom(x));

    private static Type Own(string name) => typeof(IBrokerTransport).Assembly.GetType($"{typeof(IBrokerTransport).Namespace}.{name}", throwOnError: true)!;

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^\| `(?<name>I\w+)` \|(?<cells>.*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
