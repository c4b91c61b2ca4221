using System.Collections;

namespace Ductape.MassTransit.Secrets;

/// <summary>The values of a log record whose secrets were hidden, in the form that loggers expect.</summary>
internal sealed class MaskedLogState(List<KeyValuePair<string, object?>> values, string text) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => values.Count;

    public KeyValuePair<string, object?> this[int index] => values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => text;
}
