using System.Text;

namespace Ductape.MassTransit.Json;

/// <summary>
/// Bare JSON of a peer's as UTF-8 without a byte order mark. JSON begins with an ASCII character, so that its first
/// bytes tell UTF-16 and UTF-32 from UTF-8 whatever its content type says. Sources: RFC 8259, section 8.1; RFC 4627,
/// section 3.
/// </summary>
internal static class JsonCharset
{
    private const int LongestShown = 40;

    /// <param name="json">The body; given back as it is where it is UTF-8 already.</param>
    /// <param name="charset">What its content type says, or null.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>: the charset is not known, or
    /// the body is not in it.</exception>
    public static byte[] ToUtf8(byte[] json, string? charset)
    {
        if (json is [not (0 or 0xEF or 0xFE or 0xFF), not 0, ..] or { Length: < 2 } && IsUtf8(charset))
            return json;

        var (encoding, mark) = Detect(json) ?? (Named(charset), 0);
        if (encoding is UTF8Encoding)
            return mark == 0 ? json : json[mark..];

        try
        {
            return Encoding.UTF8.GetBytes(encoding.GetString(json, mark, json.Length - mark));
        }
        catch (DecoderFallbackException)
        {
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                $"the body looks like {encoding.WebName} and has bytes that are no characters of it: send JSON as UTF-8.");
        }
    }

    /// <summary>The encoding that the first bytes show, and the length of the byte order mark.</summary>
    private static (Encoding Encoding, int Mark)? Detect(ReadOnlySpan<byte> json) => json switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0, 0, 0xFE, 0xFF, ..] => (Strict("utf-32BE"), 4),
        [0xFF, 0xFE, 0, 0, ..] => (Strict("utf-32"), 4),
        [0xFE, 0xFF, ..] => (Strict("utf-16BE"), 2),
        [0xFF, 0xFE, ..] => (Strict("utf-16"), 2),
        [0, 0, 0, _, ..] => (Strict("utf-32BE"), 0),
        [_, 0, 0, 0, ..] => (Strict("utf-32"), 0),
        [0, _, ..] => (Strict("utf-16BE"), 0),
        [_, 0, ..] => (Strict("utf-16"), 0),
        _ => null,
    };

    // Unicode would have shown; what is UTF-8 all the same is read as it always was.
    private static Encoding Named(string? charset)
    {
        if (IsUtf8(charset) || charset!.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase) || charset.StartsWith("utf-32", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8;

        try
        {
            return Strict(charset);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                $"the content type says charset '{(charset.Length > LongestShown ? charset[..LongestShown] + "…" : charset)}', which is not known here: send JSON as "
                + "UTF-8.");
        }
    }

    private static Encoding Strict(string name) => Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    private static bool IsUtf8(string? charset) => string.IsNullOrWhiteSpace(charset)
        || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);
}
