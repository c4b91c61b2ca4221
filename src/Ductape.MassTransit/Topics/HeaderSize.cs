using System.Globalization;
using System.Text;

namespace Ductape.MassTransit.Topics;

/// <summary>What headers take of the largest message: they travel in the envelope, or beside the payload.</summary>
internal static class HeaderSize
{
    // Quotation marks, colon and comma.
    private const int Marks = 6;

    /// <summary>The bytes of the headers as the JSON of the envelope.</summary>
    public static long Of(IReadOnlyDictionary<string, object?> headers)
    {
        var size = 0L;
        foreach (var (name, value) in headers)
        {
            if (HeaderValues.Normalize(value) is { } normal)
                size += Of(name) + Of(Convert.ToString(normal, CultureInfo.InvariantCulture)!) + Marks;
        }

        return size;
    }

    private static long Of(string text)
    {
        var size = (long)Encoding.UTF8.GetByteCount(text);
        foreach (var character in text)
        {
            if (character is '"' or '\\')
                size++;
            else if (char.IsControl(character))
                size += 5;
        }

        return size;
    }
}
