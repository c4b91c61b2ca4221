using System.Globalization;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit.Diagnostics;

/// <summary>
/// Texts for people without the secrets that a value in the wrong place brings along: a URL with its password where a
/// name belongs, a key where the path of its file belongs.
/// </summary>
internal static partial class ShownText
{
    private const int Longest = 120;
    private const int Beginning = 60;
    private const string Cut = "…";

    /// <summary>A text without the users and passwords of URLs, PEM text and keys of connection strings.</summary>
    public static string Hide(string text) => HideRest(UserInfo().Replace(text, Cut));

    /// <summary>
    /// A value in quotation marks; of one that is longer than a name or that has several lines, the beginning.
    /// </summary>
    public static string Quoted(string value)
    {
        // Here the end of the value is known, and a password may have blanks and quotation marks.
        var text = HideRest(UserInfoOfValue().Replace(value, Cut));
        var line = text.AsSpan().TrimEnd("\r\n").IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] + Cut : text;
        return line.Length <= Longest
            ? $"'{line}'"
            : string.Create(CultureInfo.InvariantCulture, $"'{line[..Beginning]}{Cut}' ({value.Length:N0} characters)");
    }

    /// <summary>
    /// A text in one line, with nothing in it that cannot be seen: line ends, control characters and marks of direction
    /// as they are written in JSON. The same object where it has none.
    /// </summary>
    public static string InOneLine(string text)
    {
        if (!text.Any(IsUnseen))
            return text;

        return string.Concat(text.Select(x => !IsUnseen(x) ? x.ToString() : x switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)x:X4}"),
        }));
    }

    private static bool IsUnseen(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string HideRest(string text) => Keys().Replace(Pem().Replace(text, $"$1{Cut}"), $"$1{Cut}");

    // The last at sign: whoever writes a password as it is may have a slash or an at sign in it. The words of a remedy
    // are an example.
    [GeneratedRegex(@"(?<=://)(?!user:password@)[^\s'""]*(?=@)", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    [GeneratedRegex("(?<=://).*(?=@)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex UserInfoOfValue();

    [GeneratedRegex("(-----BEGIN [^-']*-----)[^']*", RegexOptions.CultureInvariant)]
    private static partial Regex Pem();

    [GeneratedRegex(@"\b((?:SharedAccessKey|SharedAccessSignature|AccountKey|Password|Pwd)\s*=\s*)[^\s;'""]+",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Keys();
}
