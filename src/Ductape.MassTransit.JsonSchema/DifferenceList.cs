namespace Ductape.MassTransit;

/// <summary>What differs in a message: the first in words, and how many there are beyond.</summary>
internal sealed class DifferenceList
{
    private const int MostShown = 20;

    private readonly List<string> _shown = [];
    private readonly HashSet<string> _twice = new(StringComparer.Ordinal);
    private int _more;

    /// <summary>
    /// Adds that a property is there more than once. What is in it is not compared, since nobody knows which one a
    /// receiver reads.
    /// </summary>
    public void AddTwice(string pointer)
    {
        _twice.Add(pointer);
        Add(() => pointer, "is there more than once");
    }

    /// <param name="pointer">Where it is; asked only where it is needed.</param>
    /// <param name="what">What differs there.</param>
    public void AddDifference(Func<string> pointer, string what)
    {
        if (_twice.Count == 0 || !IsInTwice(pointer()))
            Add(pointer, what);
    }

    private bool IsInTwice(string pointer)
    {
        for (var end = pointer.Length; end > 0; end = pointer.LastIndexOf('/', end - 1))
        {
            if (_twice.Contains(pointer[..end]))
                return true;
        }

        return false;
    }

    private void Add(Func<string> pointer, string what)
    {
        if (_shown.Count >= MostShown)
        {
            _more++;
            return;
        }

        var text = $"{pointer()} {what}";
        if (!_shown.Contains(text))
            _shown.Add(text);
    }

    public string? ToText() => _shown.Count == 0 ? null : string.Join("; ", _shown) + (_more > 0 ? $"; and {_more} more" : "");
}
