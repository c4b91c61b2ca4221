using System.Collections;
using System.ComponentModel;
using System.Reflection;
using Ductape.MassTransit.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>
/// Compares a configuration section with the options type that it is to be bound to. .NET's binder does the binding,
/// but it passes unknown keys silently and stops at the first value it cannot convert; this finds every such place
/// first, so that all of them can be reported at once and the rest still be bound and validated.
/// </summary>
internal static class OptionsBinder
{
    private const string JsonText = "JSON text in a string, or the path of a .json file, since a configuration keeps no JSON types";

    /// <summary>
    /// Binds <paramref name="section"/> to <paramref name="target"/>, leaving out and reporting what does not fit.
    /// </summary>
    /// <param name="target">The options to fill.</param>
    /// <param name="section">The configuration to read.</param>
    /// <param name="path">How messages name the section.</param>
    /// <param name="problems">Receives one problem for each place that does not fit.</param>
    public static void Bind(object target, IConfiguration section, string path, ICollection<ConfigurationProblem> problems)
    {
        var misfits = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var durations = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Inspect(target.GetType(), section, path, "", problems, misfits, durations);

        if (misfits.Count == 0 && durations.Count == 0)
        {
            section.Bind(target);
            return;
        }

        var fitting = section.AsEnumerable(makePathsRelative: true)
            .Where(x => !misfits.Any(m => x.Key.Equals(m, StringComparison.OrdinalIgnoreCase)
                || x.Key.StartsWith(m + ":", StringComparison.OrdinalIgnoreCase)));
        new ConfigurationBuilder().AddInMemoryCollection(fitting).AddInMemoryCollection(durations).Build().Bind(target);
    }

    private static void Inspect(Type type, IConfiguration section, string path, string key, ICollection<ConfigurationProblem> problems,
        ISet<string> misfits, IDictionary<string, string?> durations, bool isJsonText = false)
    {
        var value = (section as IConfigurationSection)?.Value;
        type = Nullable.GetUnderlyingType(type) ?? type;

        if (type == typeof(IConfigurationSection))
            return;

        if (IsScalar(type))
        {
            if (section.GetChildren().Any())
                Misfit($"it takes a single value ({(isJsonText ? JsonText : Describe(type))}), not an object or a list");
            else if (value is not null && !Converts(type, value))
                Misfit($"'{value}' is not {Describe(type)}");
            return;
        }

        if (!string.IsNullOrEmpty(value))
        {
            Misfit($"it takes {(typeof(IList).IsAssignableFrom(type) ? "a list" : "an object")}, not a single value");
            return;
        }

        if (typeof(IDictionary).IsAssignableFrom(type) || typeof(IList).IsAssignableFrom(type))
        {
            var element = type.GetGenericArguments()[^1];
            foreach (var child in section.GetChildren())
                Inspect(element, child, $"{path}:{child.Key}", Join(key, child.Key), problems, misfits, durations);
            return;
        }

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(x => x.CanWrite && !x.IsDefined(typeof(NotFromConfigurationAttribute)))
            .ToDictionary(x => x.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? x.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (properties.TryGetValue(child.Key, out var property))
            {
                if (property.GetCustomAttribute<WholeNumberOfAttribute>() is { NumberKey: null } number && child.Value is { Length: > 0 } text)
                {
                    if (number.Read(text, number.UnitKey is { } unit ? section[unit] : null) is { } duration)
                    {
                        durations[Join(key, child.Key)] = duration.ToString("c");
                        continue;
                    }

                    if (!Converts(typeof(TimeSpan), text))
                    {
                        problems.Add(new($"{path}:{child.Key}", $"'{text}' is not {Describe(typeof(TimeSpan))} or a whole number of {number.Unit}"));
                        misfits.Add(Join(key, child.Key));
                        continue;
                    }
                }

                Inspect(property.PropertyType, child, $"{path}:{child.Key}", Join(key, child.Key), problems, misfits, durations,
                    property.IsDefined(typeof(JsonTextAttribute)));
                continue;
            }

            if (FindNumber(properties, child.Key) is var (name, its))
            {
                ReadNumber(its, child, name);
                continue;
            }

            // What an editor checks and completes the section by.
            if (child.Key == "$schema" && type == typeof(DuctapeOptions) && key.Length == 0)
                continue;

            problems.Add(new($"{path}:{child.Key}", "it is not a known key", NearMiss.SuggestOrList(child.Key, properties.Keys, "Known keys")));
            misfits.Add(Join(key, child.Key));
        }

        void ReadNumber(WholeNumberOfAttribute number, IConfigurationSection child, string name)
        {
            var place = $"{path}:{child.Key}";
            if (child.GetChildren().Any())
                problems.Add(new(place, $"it takes a single value (a whole number of {number.Unit}), not an object or a list"));
            else if (section[name] is not null)
                problems.Add(new(place, $"it says the same as {name}, which is given too", "give one of them"));
            else if (number.Read(child.Value, null) is { } read)
                durations[Join(key, name)] = read.ToString("c");
            else if (child.Value is not null)
                problems.Add(new(place, $"'{child.Value}' is not a whole number of {number.Unit}"));
        }

        void Misfit(string problem)
        {
            problems.Add(new(path, problem));
            misfits.Add(key);
        }
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

    private static string Join(string key, string child) => key.Length == 0 ? child : $"{key}:{child}";

    private static bool IsScalar(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);

    private static bool Converts(Type type, string value)
    {
        // TimeSpan reads a bare number as days, which nobody means.
        if (type == typeof(TimeSpan) && !value.Contains(':'))
            return false;

        try
        {
            if (type.IsEnum)
                return Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);

            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value) is not null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException
            or InvalidOperationException or OverflowException)
        {
            return false;
        }
    }

    private static string Describe(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "a time span like '00:00:30' (hours:minutes:seconds)",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ => "text",
    };
}
