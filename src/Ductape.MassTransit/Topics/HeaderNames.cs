using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// Names of headers as they are compared with the library's own, so that one that only looks like one of them is taken
/// for one.
/// </summary>
internal static class HeaderNames
{
    private const int FullWidth = 0xFEE0;

    // Printable ASCII, which nearly every name consists of.
    private static readonly SearchValues<char> Plainly = SearchValues.Create(string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(x => (char)x)));

    /// <summary>
    /// The name without what nobody sees (white space, control characters, marks), full-width characters and all dashes
    /// made plain.
    /// </summary>
    public static string Plain(string name)
    {
        if (!name.AsSpan().ContainsAnyExcept(Plainly))
            return name;

        var plain = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (PlainOf(rune) is { } seen)
                plain.Append(seen);
        }

        return plain.ToString();
    }

    private static Rune? PlainOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned => null,
        _ when rune.Value is >= FullWidth + '!' and <= FullWidth + '~' => new Rune(rune.Value - FullWidth),
        UnicodeCategory.DashPunctuation => new Rune('-'),
        _ => rune,
    };
}
