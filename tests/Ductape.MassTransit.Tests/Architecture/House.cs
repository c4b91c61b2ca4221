using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit.Tests.Architecture;

/// <summary>The rooms of an assembly, and what uses what in it.</summary>
/// <param name="face">A public type of the assembly.</param>
internal sealed partial class House(Type face)
{
    private const string OfUsers = "Ductape.MassTransit";
    private const string OfExtensions = "Microsoft.Extensions.DependencyInjection";

    private readonly ArchUnitNET.Domain.Architecture _architecture = new ArchUnitNET.Loader.ArchLoader().LoadAssemblies(face.Assembly).Build();
    private HashSet<string>? _types;

    /// <summary>The name of the assembly, which its rooms begin with.</summary>
    public string Name { get; } = face.Assembly.GetName().Name!;

    /// <summary>The rooms of types whose namespace does not tell.</summary>
    public Dictionary<string, string> RoomsOfFaces { get; } = new(StringComparer.Ordinal);

    /// <summary>The rooms that what users write may use.</summary>
    public HashSet<string> KnownToTheRoot { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Rooms => _architecture.Types.Select(x => RoomOf(x.FullName)).OfType<string>().Where(x => x != "").Distinct();

    public IEnumerable<(string From, string To, string Origin, string Target)> Arrows =>
        from type in _architecture.Types
        from dependency in type.Dependencies
        let arrow = (From: RoomOf(type.FullName), To: RoomOf(dependency.Target.FullName), Origin: OuterOf(type.FullName), Target: OuterOf(dependency.Target.FullName))
        where arrow.From is not null && arrow.To is not null && arrow.From != arrow.To
        select (arrow.From, arrow.To, arrow.Origin, arrow.Target);

    /// <summary>The floors of the rooms, from the picture of this assembly.</summary>
    public Dictionary<string, int> ReadFloors()
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/architecture.md"));
        var picture = Pictures().Matches(text).SingleOrDefault(x => x.Groups["name"].Value == Name);
        Assert.True(picture is not null, $"docs/architecture.md has one picture of the floors of {Name}.");
        return picture.Groups["floor"].Captures.Select(x => x.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .SelectMany(x => x.Skip(1).Select(room => (Room: room, Floor: int.Parse(x[0], CultureInfo.InvariantCulture))))
            .ToDictionary(x => x.Room, x => x.Floor, StringComparer.Ordinal);
    }

    /// <summary>The room of a type, blank for what users write, null for a type of somebody else's.</summary>
    private string? RoomOf(string fullName)
    {
        var outer = OuterOf(fullName);
        _types ??= [.. _architecture.Types.Select(x => OuterOf(x.FullName))];
        if (!_types.Contains(outer))
            return null;
        if (RoomsOfFaces.GetValueOrDefault(outer) is { } room)
            return room;

        var space = outer[..Math.Max(0, outer.LastIndexOf('.'))];
        return space == OfExtensions ? "DependencyInjection"
            : space == OfUsers ? ""
            : space.StartsWith($"{Name}.", StringComparison.Ordinal) ? space[(Name.Length + 1)..]
            // What a compiler or a generator adds.
            : space != Name && !space.StartsWith($"{OfUsers}.", StringComparison.Ordinal) ? null
            : throw new InvalidOperationException($"{outer} is in no room of {Name}.");
    }

    // The type that a nested one is in.
    private static string OuterOf(string fullName) => fullName.Split('+', '/', '<', '`', '[')[0];

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"```floors (?<name>[\w.]+)\n(?:(?<floor>\d+ [^\n]*)\n)+```", RegexOptions.CultureInvariant)]
    private static partial Regex Pictures();
}
