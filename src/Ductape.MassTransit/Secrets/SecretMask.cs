using System.Text.RegularExpressions;

namespace Ductape.MassTransit.Secrets;

/// <summary>
/// Hides the values of secrets in what others write, such as the logs and exceptions of a broker's client: in their
/// place stands the reference that the configuration has, <c>$Secret{KEY}</c>. Knows what was looked up so far. Of a
/// URL or a connection string it hides the parts too: user, password, host and path. Case does not count, and
/// characters may be escaped as in a URL or in JSON.
/// </summary>
/// <remarks>
/// A value shorter than three characters is no secret, and hiding it would take letters out of every text. One shorter
/// than eight is hidden where it is a word of its own.
/// </remarks>
internal sealed class SecretMask
{
    private const int Shortest = 3;
    private const int Most = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _references = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<string>> _order = new(StringComparer.Ordinal);
    private volatile Pattern? _pattern;

    /// <summary>Whether there is nothing to hide.</summary>
    public bool IsEmpty => _pattern is null;

    /// <summary>Learns a value.</summary>
    /// <param name="reference">What is shown in its place.</param>
    /// <param name="value">The value, whole.</param>
    public void Add(string reference, string value)
    {
        lock (_lock)
        {
            var isNew = false;
            if (!_order.TryGetValue(reference, out var order))
                _order[reference] = order = [];
            foreach (var part in SecretParts.Of(value).Where(x => x.Length >= Shortest))
            {
                if (!_references.TryAdd(part, reference))
                    continue;

                isNew = true;
                order.Enqueue(part);
                // A resolver may have a new value each time; what is in use was looked up last.
                if (order.Count > Most)
                    _references.Remove(order.Dequeue());
            }

            if (isNew)
                _pattern = new Pattern(_references);
        }
    }

    /// <summary>The text without secrets; the same object where it has none.</summary>
    public string Hide(string text) => _pattern?.Hide(text) ?? text;

    /// <summary>The problem without secrets.</summary>
    public ConfigurationProblem Hide(ConfigurationProblem problem) => problem with { Problem = Hide(problem.Problem), Remedy = Hide(problem.Remedy) };

    /// <summary>The exception without secrets; itself where nothing that it says has one.</summary>
    public Exception Hide(Exception exception)
    {
        // Ours say nothing that was resolved, and their causes were hidden when they were made.
        if (IsEmpty || exception is DuctapeException or MaskedException)
            return exception;

        var text = exception.ToString();
        var shown = Hide(text);
        return ReferenceEquals(text, shown) ? exception : new MaskedException(exception, shown, this);
    }

    private sealed class Pattern
    {
        private readonly Regex _regex;
        private readonly string[] _shown;

        public Pattern(Dictionary<string, string> references)
        {
            // The longer first: one may be a part of another.
            var values = references.OrderByDescending(x => x.Key.Length).ThenBy(x => x.Key, StringComparer.Ordinal).ToArray();
            _shown = [.. values.Select(x => x.Value)];
            _regex = new Regex(
                string.Join('|', values.Select(x => $"({SecretParts.PatternOf(x.Key)})")), RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        }

        public string Hide(string text) => _regex.Replace(text, match =>
        {
            var index = 1;
            while (!match.Groups[index].Success)
                index++;
            return _shown[index - 1];
        });
    }
}
