using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>
/// How tags are compared: without regard to case, as .NET compares the keys of a configuration. Names are made of the
/// tag as it is configured.
/// </summary>
internal static class Tags
{
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    public static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    public static int HashOf(string? tag) => tag is null ? 0 : Comparer.GetHashCode(tag);

    /// <summary>The entry of a tag in options, whose dictionaries compare by character.</summary>
    public static bool TryFind<T>(this Dictionary<string, T> options, string tag, [MaybeNullWhen(false)] out T value)
    {
        if (options.TryGetValue(tag, out value))
            return true;

        foreach (var (key, candidate) in options)
        {
            if (Same(key, tag))
            {
                value = candidate;
                return true;
            }
        }

        return false;
    }

    /// <summary>The tag as it is configured, or as it is written where it is not.</summary>
    public static string Configured(string tag, IEnumerable<string> configured) => configured.FirstOrDefault(x => Same(x, tag)) ?? tag;
}
