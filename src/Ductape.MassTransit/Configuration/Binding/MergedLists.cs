using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>
/// Finds the lists of which a later source of a configuration gives fewer elements than an earlier one: .NET merges
/// lists by index, so that the others stay, which is seldom what the later source means.
/// </summary>
/// <param name="root">The configuration.</param>
internal sealed class MergedLists(IConfigurationRoot root)
{
    private readonly IConfigurationProvider[] _providers = [.. Flat(root)];

    /// <summary>
    /// One text for each such list, with its path and both sources. Values are not shown, since they may be secrets.
    /// </summary>
    /// <param name="type">The options type that the section is for.</param>
    /// <param name="section">The section, with the keys that messages name.</param>
    /// <param name="at">Where the section is in the configuration, empty for all of it.</param>
    /// <param name="path">How messages name the section.</param>
    public IEnumerable<string> Find(Type type, IConfiguration section, string at, string path)
    {
        if (typeof(IList).IsAssignableFrom(type))
            return Describe(at, path) is { } found ? [found] : [];
        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            var element = type.GetGenericArguments()[^1];
            return section.GetChildren().SelectMany(x => Find(element, x, Join(at, x.Key), $"{path}:{x.Key}"));
        }

        if (!type.IsClass || type.Assembly != typeof(MergedLists).Assembly)
            return [];
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(x => x.CanWrite && !x.IsDefined(typeof(NotFromConfigurationAttribute)))
            .SelectMany(x => (Child: section.GetSection(x.Name), At: Join(at, x.Name), Path: $"{path}:{x.Name}") is var (child, place, name)
                && x.PropertyType == typeof(IConfigurationSection) && x.Name == nameof(BrokerEnvOptions.Config)
                    ? FindInSettings(child, place, name)
                    : Find(x.PropertyType, child, place, name));
    }

    // Only a transport knows the types of its settings. None has a dictionary, so that numbers alone are the keys of
    // lists.
    private IEnumerable<string> FindInSettings(IConfiguration section, string at, string path)
    {
        var children = section.GetChildren().ToArray();
        if (children.Length > 0 && children.All(x => Index(x.Key) is not null))
            return Describe(at, path) is { } found ? [found] : [];
        return children.SelectMany(x => FindInSettings(x, Join(at, x.Key), $"{path}:{x.Key}"));
    }

    private string? Describe(string at, string path)
    {
        var given = _providers.Select(x => (Provider: x, Indexes: IndexesIn(x, at)))
            .Where(x => x.Indexes.Length > 0 || x.Provider.TryGet(at, out _)).ToArray();
        if (given is not [.. var earlier, var last] || earlier.Length == 0)
            return null;

        // One that begins later replaces single elements, as an environment variable does on purpose.
        var isWhole = last.Indexes.SequenceEqual(Enumerable.Range(0, last.Indexes.Length));
        var kept = earlier.SelectMany(x => x.Indexes).Except(last.Indexes).Order().ToArray();
        if (!isWhole || kept.Length == 0)
            return null;

        var sources = earlier.Where(x => x.Indexes.Intersect(kept).Any()).Select(x => $"{x.Provider}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{path}: {last.Provider} gives {last.Indexes.Length} of {last.Indexes.Length + kept.Length} elements, and {string.Join(", ", kept.Select(x => $"{path}:{x}"))} "
            + $"from {string.Join(" and ", sources)} {(kept.Length == 1 ? "stays" : "stay")}");
    }

    private static int[] IndexesIn(IConfigurationProvider provider, string path) =>
        [.. provider.GetChildKeys([], path).Select(Index).OfType<int>().Distinct().Order()];

    private static int? Index(string key) => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    // What a section adds to another configuration has no sources that could be told apart.
    private static IEnumerable<IConfigurationProvider> Flat(IConfigurationRoot root) => root.Providers.SelectMany(x =>
        x is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? Flat(inner) : [x]);

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}:{key}";
}
