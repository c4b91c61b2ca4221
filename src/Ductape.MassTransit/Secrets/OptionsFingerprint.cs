using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Secrets;

/// <summary>
/// A hash over everything that an options object says, so that two of them can be compared, whatever options there will
/// be. A hash because options hold secrets.
/// </summary>
internal static class OptionsFingerprint
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> PropertiesByType = new();

    /// <param name="options">The options.</param>
    /// <param name="without">The names of properties of <paramref name="options"/> that do not count.</param>
    public static string Of(object options, params ReadOnlySpan<string> without)
    {
        var text = new StringBuilder();
        WriteProperties(text, options, without);
        return Of(text.ToString());
    }

    public static string Of(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append('~');
                break;
            case string s:
                text.Append(CultureInfo.InvariantCulture, $"{s.Length}:{s}");
                break;
            case JsonNode json:
                Write(text, json.ToJsonString());
                break;
            case IConfigurationSection section:
                foreach (var (key, line) in section.AsEnumerable(makePathsRelative: true).OrderBy(x => x.Key, StringComparer.OrdinalIgnoreCase))
                {
                    Write(text, key);
                    Write(text, line);
                }

                break;
            case IDictionary dictionary:
                text.Append('{');
                foreach (var key in dictionary.Keys.Cast<string>().Order(StringComparer.Ordinal))
                {
                    Write(text, key);
                    Write(text, dictionary[key]);
                }

                text.Append('}');
                break;
            case IEnumerable list:
                text.Append('[');
                foreach (var element in list)
                    Write(text, element);
                text.Append(']');
                break;
            // Its own kind of options, which only code can set.
            case JsonSerializerOptions:
                break;
            case not null when value.GetType().Namespace?.StartsWith("System", StringComparison.Ordinal) == true || value is Enum:
                Write(text, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            default:
                WriteProperties(text, value, []);
                break;
        }
    }

    private static void WriteProperties(StringBuilder text, object options, ReadOnlySpan<string> without)
    {
        text.Append('(');
        foreach (var property in PropertiesByType.GetOrAdd(options.GetType(), PropertiesOf))
        {
            if (without.Contains(property.Name))
                continue;

            text.Append(property.Name).Append('=');
            Write(text, property.GetValue(options));
        }

        text.Append(')');
    }

    private static PropertyInfo[] PropertiesOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(x => x.CanRead && x.CanWrite && x.GetIndexParameters().Length == 0)
            .OrderBy(x => x.Name, StringComparer.Ordinal),
    ];
}
