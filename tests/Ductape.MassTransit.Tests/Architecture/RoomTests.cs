namespace Ductape.MassTransit.Tests.Architecture;

/// <summary>
/// A room is a namespace, and uses rooms on the floors below it and nothing else. The floors are the pictures in
/// <c>docs/architecture.md</c>.
/// </summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, House> Houses = new House[]
    {
        new(typeof(IMessageBroker))
        {
            // Public classes that act, in a room of their own and with the namespace of what users write.
            RoomsOfFaces = { ["Ductape.MassTransit.CatalogLint"] = "Linting", ["Ductape.MassTransit.TopicPlans"] = "Linting" },
            // What users write is known to every room, and knows how it is written and read.
            KnownToTheRoot = { "Diagnostics", "Json", "Secrets", "Transports", "Configuration.Binding", "Configuration.Catalog", "Topics" },
        },
        // Settings show their address.
        new(typeof(RabbitMqSettings)) { KnownToTheRoot = { "Configuration" } },
    }.ToDictionary(x => x.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Houses.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_room_uses_rooms_on_lower_floors_alone(string house)
    {
        var floors = Houses[house].ReadFloors();

        var wrong = Houses[house].Arrows.Where(x => x.From != "" && x.To != "" && floors[x.To] >= floors[x.From])
            .Select(x => $"{x.From} → {x.To}: {x.Origin} uses {x.Target}");

        AssertNone(wrong);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_users_write_needs_no_feature(string house)
    {
        var wrong = Houses[house].Arrows.Where(x => x.From == "" && !Houses[house].KnownToTheRoot.Contains(x.To)).Select(x => $"{x.Origin} uses {x.Target}");

        AssertNone(wrong);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_room_is_in_the_picture_and_the_picture_has_no_other(string house) =>
        Assert.Equal(Houses[house].Rooms.Order(StringComparer.Ordinal), Houses[house].ReadFloors().Keys.Order(StringComparer.Ordinal));

    // With all of them: xUnit shows the first few.
    private static void AssertNone(IEnumerable<string> wrong)
    {
        string[] all = [.. wrong.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
