using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ductape.MassTransit.RabbitMQ.Messages;

/// <summary>
/// The names of what was cut from a message: a JSON array, bounded, with "…" at its end where there are more.
/// </summary>
internal sealed class RabbitMqCutNames
{
    /// <summary>The most that the header takes in a frame, its name included.</summary>
    public const int MostBytes = 544;

    private const int MostOfArray = 512;
    private const int LongestName = 100;
    private const string More = "…";

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _names;
    // Brackets, and the mark that there are more.
    private int _bytes = 2 + 6;

    /// <param name="before">The header of an earlier cut, as the client has it, or null.</param>
    public RabbitMqCutNames(object? before)
    {
        _names = [];
        foreach (var name in Read(before is byte[] bytes ? Encoding.UTF8.GetString(bytes) : before as string))
            Add(name);
        HasMore = false;
    }

    /// <summary>Whether something was added to what was cut earlier.</summary>
    public bool HasMore { get; private set; }

    public void Add(string name)
    {
        HasMore = true;
        var shown = name.Length <= LongestName ? name : name[..LongestName] + More;
        if (_names.Contains(shown) || _names.LastOrDefault() == More)
            return;

        var size = JsonSerializer.SerializeToUtf8Bytes(shown, Options).Length + 1;
        if (_bytes + size > MostOfArray)
            shown = More;
        else
            _bytes += size;
        _names.Add(shown);
    }

    public override string ToString() => JsonSerializer.Serialize(_names, Options);

    private static string[] Read(string? json)
    {
        try
        {
            return json is null ? [] : JsonSerializer.Deserialize<string?[]>(json)?.OfType<string>().ToArray() ?? [];
        }
        catch (JsonException)
        {
            // A peer's own header of this name.
            return [];
        }
    }
}
