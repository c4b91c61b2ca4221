using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Ductape.MassTransit.Tests.Architecture;

/// <summary>
/// A room is a namespace, and uses rooms on the floors below it and nothing else. The floors are the picture in <c>docs/architecture.md</c>.
/// </summary>
public sealed partial class RoomTests
{
    private const string Root = "Ductape.MassTransit";

    // Public classes that act, in a room of their own and with the namespace of what users write.
    private static readonly Dictionary<string, string> RoomsOfFaces = new(StringComparer.Ordinal)
    {
        [$"{Root}.CatalogLint"] = "Linting",
        [$"{Root}.TopicPlans"] = "Linting",
    };

    // What users write is known to every room, and knows how it is written and read.
    private static readonly HashSet<string> KnownToTheRoot = ["Diagnostics", "Json", "Secrets", "Transports", "Configuration.Binding", "Configuration.Catalog", "Topics"];

    private static readonly ArchUnitNET.Domain.Architecture Core = new ArchLoader().LoadAssemblies(typeof(IMessageBroker).Assembly).Build();

    [Fact]
    public void A_room_uses_rooms_on_lower_floors_alone()
    {
        var floors = ReadFloors();

        var wrong = Arrows().Where(x => x.From != "" && x.To != "" && floors[x.To] >= floors[x.From])
            .Select(x => $"{x.From} → {x.To}: {x.Origin} uses {x.Target}");

        AssertNone(wrong);
    }

    [Fact]
    public void What_users_write_needs_no_feature()
    {
        var wrong = Arrows().Where(x => x.From == "" && !KnownToTheRoot.Contains(x.To)).Select(x => $"{x.Origin} uses {x.Target}");

        AssertNone(wrong);
    }

    [Fact]
    public void Every_room_is_in_the_picture_and_the_picture_has_no_other()
    {
        var rooms = Core.Types.Select(x => RoomOf(x.FullName)).OfType<string>().Where(x => x != "").Distinct();

        Assert.Equal(rooms.Order(StringComparer.Ordinal), ReadFloors().Keys.Order(StringComparer.Ordinal));
    }

    // With all of them: xUnit shows the first few.
    private static void AssertNone(IEnumerable<string> wrong)
    {
        string[] all = [.. wrong.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    private static IEnumerable<(string From, string To, string Origin, string Target)> Arrows() =>
        from type in Core.Types
        from dependency in type.Dependencies
        let arrow = (From: RoomOf(type.FullName), To: RoomOf(dependency.Target.FullName), Origin: OuterOf(type.FullName), Target: OuterOf(dependency.Target.FullName))
        where arrow.From is not null && arrow.To is not null && arrow.From != arrow.To
        select (arrow.From, arrow.To, arrow.Origin, arrow.Target);

    /// <summary>The room of a type, blank for what users write, null for a type of somebody else's.</summary>
    private static string? RoomOf(string fullName)
    {
        var outer = OuterOf(fullName);
        if (RoomsOfFaces.GetValueOrDefault(outer) is { } room)
            return room;
        if (outer.StartsWith("Microsoft.Extensions.DependencyInjection.Ductape", StringComparison.Ordinal))
            return "DependencyInjection";
        if (!outer.StartsWith($"{Root}.", StringComparison.Ordinal))
            return null;

        var rest = outer[(Root.Length + 1)..];
        return rest.LastIndexOf('.') is var dot and > 0 ? rest[..dot] : "";
    }

    // The type that a nested one is in.
    private static string OuterOf(string fullName) => fullName.Split('+', '/', '<', '`', '[')[0];

    private static Dictionary<string, int> ReadFloors()
    {
        var picture = Picture().Match(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/architecture.md")));
        Assert.True(picture.Success, "docs/architecture.md has the picture of the floors.");
        return picture.Groups["floor"].Captures.Select(x => x.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .SelectMany(x => x.Skip(1).Select(room => (Room: room, Floor: int.Parse(x[0], System.Globalization.CultureInfo.InvariantCulture))))
            .ToDictionary(x => x.Room, x => x.Floor, StringComparer.Ordinal);
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"```floors\n(?:(?<floor>\d+ [^\n]*)\n)+```", RegexOptions.CultureInvariant)]
    private static partial Regex Picture();
}
