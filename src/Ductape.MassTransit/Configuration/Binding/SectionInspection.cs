using System.Collections;
using System.Reflection;
using Ductape.MassTransit.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>Compares a section with the options type that it is for.</summary>
/// <param name="problems">Receives one problem for each place that does not fit.</param>
internal sealed class SectionInspection(ICollection<ConfigurationProblem> problems)
{
    private const string JsonText = "JSON text in a string, or the path of a .json file, since a configuration keeps no JSON types";

    private readonly HashSet<string> _leftOut = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string?> _replaced = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys within the section that are not to be bound, nor what is below them.</summary>
    public IReadOnlyCollection<string> LeftOut => _leftOut;

    /// <summary>What .NET would read otherwise, by its keys within the section.</summary>
    public IReadOnlyDictionary<string, string?> Replaced => _replaced;

    public void Inspect(Type type, IConfiguration section, string path) => Inspect(type, section, new SectionPlace(path, ""));

    private void Inspect(Type type, IConfiguration section, SectionPlace at, string? takes = null)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(IConfigurationSection))
            return;

        var value = (section as IConfigurationSection)?.Value;
        if (ScalarText.Is(type))
        {
            InspectScalar(type, section, value, at, takes ?? ScalarText.Describe(type));
            return;
        }

        var children = section.GetChildren().ToArray();
        var isList = typeof(IList).IsAssignableFrom(type);
        var isDictionary = typeof(IDictionary).IsAssignableFrom(type);
        if (!string.IsNullOrEmpty(value))
            LeaveOut(at, $"it takes {(isList ? "a list" : "an object")}, not a single value");
        else if (isList && children.Any(x => x.Key.AsSpan().ContainsAnyExceptInRange('0', '9')))
            LeaveOut(at, "it takes a list, not an object", "give its elements in brackets, without names");
        else if (!isList && children.Length > 0 && SampleSection.IsList(children))
            LeaveOut(at, "it takes an object, not a list", isDictionary
                ? "give each element a name as its key; the keys 0, 1 and so on alone are those of a list" : "");
        else if (isList || isDictionary)
            InspectElements(type.GetGenericArguments()[^1], children, at);
        else
            InspectProperties(type, section, children, at);
    }

    private void InspectScalar(Type type, IConfiguration section, string? value, SectionPlace at, string takes)
    {
        if (section.GetChildren().Any())
            LeaveOut(at, $"it takes a single value ({takes}), not an object or a list");
        else if (value is null)
            Forget(at);
        else if (!ScalarText.Converts(type, value))
            LeaveOut(at, $"{ConfigurationProblem.Quoted(value)} is not {takes}");
        else if (type == typeof(TimeSpan) && DurationText.Read(value) is { } duration)
            Replace(at, value, duration);
    }

    private void InspectElements(Type type, IConfigurationSection[] children, SectionPlace at)
    {
        foreach (var child in children)
        {
            if (ScalarText.Is(type) && child.Value is null && !child.GetChildren().Any())
                LeaveOut(at.Below(child.Key), "it is null", "leave it out, or give it a value");
            else
                Inspect(type, child, at.Below(child.Key));
        }
    }

    private void InspectProperties(Type type, IConfiguration section, IConfigurationSection[] children, SectionPlace at)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(x => x.CanWrite && !x.IsDefined(typeof(NotFromConfigurationAttribute)))
            .ToDictionary(x => x.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? x.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in children)
        {
            var place = at.Below(child.Key);
            if (properties.TryGetValue(child.Key, out var property))
                InspectProperty(property, section, child, place);
            else if (FindNumber(properties, child.Key) is var (name, number))
                ReadNumber(number, section[name], child, at.Below(name), place);
            // What an editor checks and completes the section by.
            else if (child.Key != "$schema" || type != typeof(DuctapeOptions) || at.Key.Length > 0)
                LeaveOut(place, "it is not a known key", RemedyOf(type, child.Key, properties.Keys, at));
        }
    }

    private void InspectProperty(PropertyInfo property, IConfiguration section, IConfigurationSection child, SectionPlace place)
    {
        if (property.GetCustomAttribute<WholeNumberOfAttribute>() is not { NumberKey: null } number)
            Inspect(property.PropertyType, child, place, property.IsDefined(typeof(JsonTextAttribute)) ? JsonText : null);
        else if (!child.GetChildren().Any() && number.Read(child.Value, number.UnitKey is { } unit ? section[unit] : null) is { } duration)
            _replaced[place.Key] = duration.ToString("c");
        else
            Inspect(property.PropertyType, child, place, $"{ScalarText.Describe(typeof(TimeSpan))} or a whole number of {number.Unit}");
    }

    private void ReadNumber(WholeNumberOfAttribute number, string? duration, IConfigurationSection child, SectionPlace durationPlace, SectionPlace place)
    {
        if (child.GetChildren().Any())
            problems.Add(new(place.Path, $"it takes a single value (a whole number of {number.Unit}), not an object or a list"));
        else if (child.Value is null)
            return;
        else if (duration is not null)
            problems.Add(new(place.Path, $"it says the same as {durationPlace.Name}, which is given too", "give one of them"));
        else if (number.Read(child.Value, null) is { } read)
            _replaced[durationPlace.Key] = read.ToString("c");
        else
            problems.Add(new(place.Path, $"{ConfigurationProblem.Quoted(child.Value)} is not a whole number of {number.Unit}"));
    }

    /// <summary>The duration whose number has a key of its own, this one.</summary>
    private static (string Name, WholeNumberOfAttribute Number)? FindNumber(Dictionary<string, PropertyInfo> properties, string key)
    {
        foreach (var (name, property) in properties)
        {
            if (property.GetCustomAttribute<WholeNumberOfAttribute>() is { NumberKey: { } own } number && own.Equals(key, StringComparison.OrdinalIgnoreCase))
                return (name, number);
        }

        return null;
    }

    private static string RemedyOf(Type type, string key, IReadOnlyCollection<string> known, SectionPlace at)
    {
        // "broker:topic" arrives as two keys, the first of them the broker's tag.
        if (type == typeof(TopicOptions) && at.Path.Split(':') is [.., var broker, _, var topic] && Tags.Same(broker, topic)
            && NearMiss.Suggest(key, known).Length == 0)
            return $"a topic's tag has no broker in front here: write '{key}' for '{topic}:{key}'";

        return NearMiss.SuggestOrList(key, known, "Known keys");
    }

    private void Replace(SectionPlace at, string value, TimeSpan duration)
    {
        if (duration.ToString("c") is var text && text != value)
            _replaced[at.Key] = text;
    }

    // .NET would bind 0, which nobody has written. A key that is no option's takes its place: .NET makes no object of a
    // section without keys.
    private void Forget(SectionPlace at)
    {
        _leftOut.Add(at.Key);
        _replaced[$"{at.Key}?"] = null;
    }

    private void LeaveOut(SectionPlace at, string problem, string remedy = "")
    {
        problems.Add(new(at.Path, problem, remedy));
        _leftOut.Add(at.Key);
    }

    /// <param name="Path">How messages name it.</param>
    /// <param name="Key">Where it is in the section.</param>
    private readonly record struct SectionPlace(string Path, string Key)
    {
        public string Name => Path[(Path.LastIndexOf(':') + 1)..];

        public SectionPlace Below(string key) => new($"{Path}:{key}", Key.Length == 0 ? key : $"{Key}:{key}");
    }
}
