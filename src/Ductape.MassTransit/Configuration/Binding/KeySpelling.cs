using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>
/// Spells the keys that are tags as the earliest source of a configuration does. .NET merges keys without regard to
/// case and shows the spelling of one source or another, mostly the last, so that an environment variable in capitals
/// would rename products, and their queues with them.
/// </summary>
/// <param name="root">The configuration.</param>
/// <param name="start">The path of the section in it, empty for all of it.</param>
internal sealed class KeySpelling(IConfigurationRoot root, string start)
{
    // By the path within the section, as .NET shows it.
    private readonly Dictionary<string, string> _others = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The section with the keys of its dictionaries as their first source spells them; the section itself where it
    /// does so already.
    /// </summary>
    /// <param name="type">The options type that the section is for.</param>
    /// <param name="section">The section as .NET shows it.</param>
    /// <param name="path">How messages name the section.</param>
    /// <param name="problems">Receives the keys that their first source spells in two ways.</param>
    public IConfiguration Apply(Type type, IConfiguration section, string path, ICollection<ConfigurationProblem> problems)
    {
        Compare(type, section, Sources(root, start).ToArray(), "", path, problems);
        if (_others.Count == 0)
            return section;

        var lines = new List<KeyValuePair<string, string?>>();
        Copy(section, "", "", lines);
        return new ConfigurationBuilder().AddInMemoryCollection(lines).Build();
    }

    private void Compare(Type type, IConfiguration section, Source[] sources, string at, string path, ICollection<ConfigurationProblem> problems)
    {
        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            var element = type.GetGenericArguments()[^1];
            foreach (var child in section.GetChildren())
            {
                var spelling = Spelling(child.Key, sources, path, problems);
                if (spelling != child.Key)
                    _others[Join(at, child.Key)] = spelling;
                if (HasTags(element))
                    Compare(element, child, Below(sources, child.Key), Join(at, child.Key), $"{path}:{spelling}", problems);
            }

            return;
        }

        foreach (var property in Parts(type))
        {
            if (section.GetSection(property.Name) is var child && Below(sources, property.Name) is { Length: > 0 } below)
                Compare(property.PropertyType, child, below, Join(at, property.Name), $"{path}:{property.Name}", problems);
        }
    }

    private static string Spelling(string key, Source[] sources, string path, ICollection<ConfigurationProblem> problems)
    {
        foreach (var source in sources)
        {
            var spellings = source.Keys().Where(x => Tags.Same(x, key)).Distinct(StringComparer.Ordinal).ToArray();
            if (spellings.Length > 1)
                problems.Add(TagRules.Problem(path, spellings));
            if (spellings.Length > 0)
                return spellings[0];
        }

        return key;
    }

    private void Copy(IConfiguration section, string shown, string spelled, List<KeyValuePair<string, string?>> lines)
    {
        var children = section.GetChildren().ToArray();
        if (spelled.Length > 0 && section is IConfigurationSection { Value: var value } && (value is not null || children.Length == 0))
            lines.Add(KeyValuePair.Create(spelled, value));
        foreach (var child in children)
        {
            var at = Join(shown, child.Key);
            Copy(child, at, Join(spelled, _others.GetValueOrDefault(at, child.Key)), lines);
        }
    }

    private static IEnumerable<Source> Sources(IConfiguration configuration, string path)
    {
        if (configuration is not IConfigurationRoot root)
        {
            var section = path.Length == 0 ? configuration : configuration.GetSection(path);
            return section.GetChildren().Any() ? [new Source(null, section, "")] : [];
        }

        return root.Providers.SelectMany(x => x is ChainedConfigurationProvider chained
            ? Sources(chained.Configuration, path)
            : new Source(x, null, path) is var source && source.Keys().Any() ? [source] : []);
    }

    // Fewer sources have anything the deeper it goes, and of most there is one.
    private static Source[] Below(Source[] sources, string key) => [.. sources.Select(x => x.Below(key)).Where(x => x.Keys().Any())];

    private static IEnumerable<PropertyInfo> Parts(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(x => x.CanWrite && !x.IsDefined(typeof(NotFromConfigurationAttribute)) && HasTags(x.PropertyType));

    private static bool HasTags(Type type) =>
        typeof(IDictionary).IsAssignableFrom(type) || (type.IsClass && type.Assembly == typeof(KeySpelling).Assembly && Parts(type).Any());

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}:{key}";

    /// <summary>A section in one source.</summary>
    private sealed class Source(IConfigurationProvider? provider, IConfiguration? section, string path)
    {
        private string[]? _keys;

        public string[] Keys() => _keys ??= provider is null
            ? [.. section!.GetChildren().Select(x => x.Key)]
            : [.. provider.GetChildKeys([], path.Length == 0 ? null : path)];

        public Source Below(string key) =>
            provider is null ? new Source(null, section!.GetSection(key), "") : new Source(provider, null, Join(path, key));
    }
}
