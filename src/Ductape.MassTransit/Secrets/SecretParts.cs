using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit.Secrets;

/// <summary>What of a secret's value may turn up in a text, and in which spellings.</summary>
internal static class SecretParts
{
    // A shorter one may be a part of a harmless word.
    private const int LongEnough = 8;
    private const string Begins = @"(?:(?<![\p{L}\p{Nd}])|(?<=%[0-9a-f]{2}))";
    private const string Ends = @"(?![\p{L}\p{Nd}])";

    /// <summary>The value itself and, of a URL, a node of a cluster or a connection string, its parts.</summary>
    public static IEnumerable<string> Of(string value)
    {
        var whole = value.Trim();
        yield return whole;

        if (whole.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(whole, UriKind.Absolute, out var url))
        {
            foreach (var part in OfUrl(url))
                yield return part;
        }
        else if (whole.Contains('=', StringComparison.Ordinal) && whole.Contains(';', StringComparison.Ordinal))
        {
            foreach (var pair in whole.Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                foreach (var part in Of(pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]))
                    yield return part;
            }
        }
        else if (whole.Split(':') is [{ Length: > 0 } host, { Length: > 0 } port] && port.All(char.IsAsciiDigit))
        {
            yield return host;
        }
    }

    /// <summary>A regular expression, case left aside, that finds the value however it is escaped.</summary>
    public static string PatternOf(string value)
    {
        var pattern = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
            pattern.Append(PatternOf(rune));
        if (value.Length < LongEnough)
        {
            if (char.IsLetterOrDigit(value[0]))
                pattern.Insert(0, Begins);
            if (char.IsLetterOrDigit(value[^1]))
                pattern.Append(Ends);
        }

        return pattern.ToString();
    }

    private static IEnumerable<string> OfUrl(Uri url)
    {
        if (url.UserInfo.Length > 0)
        {
            yield return url.UserInfo;
            foreach (var part in url.UserInfo.Split(':', 2))
                yield return Uri.UnescapeDataString(part);
        }

        if (url.Host.Length > 0)
            yield return url.Host;
        // A broker's path is its virtual host; of a document the words of the path are in any text.
        var path = Uri.UnescapeDataString(url.AbsolutePath);
        yield return url.Scheme.StartsWith("http", StringComparison.Ordinal) ? path : path.TrimStart('/');
        if (url.Query.Length > 1)
            yield return Uri.UnescapeDataString(url.Query[1..]);
    }

    private static string PatternOf(Rune rune)
    {
        var text = rune.ToString();
        if (rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value))
            return text;

        var percent = string.Concat(Encoding.UTF8.GetBytes(text).Select(x => string.Create(CultureInfo.InvariantCulture, $"%(?:25)?{x:x2}")));
        var json = string.Concat(text.Select(x => string.Create(CultureInfo.InvariantCulture, $@"\\u{(int)x:x4}")));
        return rune.Value switch
        {
            ' ' => $@"(?:\x20|\+|{percent}|{json})",
            '"' or '\\' or '/' => $@"(?:\\?\x{rune.Value:x2}|{percent}|{json})",
            _ => $"(?:{Regex.Escape(text)}|{percent}|{json})",
        };
    }
}
