using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.Tests.Architecture;

/// <summary>
/// <c>docs/architecture.md</c> lists the types that derive from one of MassTransit's or implement one of its
/// interfaces. Those of the clouds are in builds with their packages alone, and are not looked at.
/// </summary>
public sealed partial class MassTransitTypeTests
{
    [Fact]
    public void Every_type_that_takes_the_place_of_one_of_MassTransits_is_listed_and_no_other()
    {
        var section = Section().Match(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/architecture.md")));
        var listed = Row().Matches(section.Value).Select(x => x.Groups["type"].Value);
        var types = MassTransitMembers.TypesOf(typeof(IMessageBroker).Assembly).Concat(MassTransitMembers.TypesOf(typeof(RabbitMqSettings).Assembly));

        Assert.Equal(Lines(types), Lines(listed));
    }

    // As one text: xUnit shows the first few of a list.
    private static string Lines(IEnumerable<string> names) => string.Join('\n', names.Order(StringComparer.Ordinal));

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex("^## In the place of MassTransit's own$(.|\n)*?^## ", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\| `(?<type>[\w.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
