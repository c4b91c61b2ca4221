using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// The headers of a message, which anybody may have sent: a value of another type than the one that is asked for is
/// none. MassTransit's own throw.
/// </summary>
internal sealed class LenientHeaders(Headers headers) : Headers
{
    public IEnumerable<KeyValuePair<string, object>> GetAll() => headers.GetAll();

    public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value) => headers.TryGetHeader(key, out value);

    public T? Get<T>(string key, T? defaultValue = default)
        where T : class =>
        typeof(T) == typeof(string) ? (T?)(object?)headers.Text(key) ?? defaultValue : Find(key) as T ?? defaultValue;

    public T? Get<T>(string key, T? defaultValue = default)
        where T : struct => Find(key) as T? ?? defaultValue;

    public IEnumerator<HeaderValue> GetEnumerator() => headers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private object? Find(string key) => headers.TryGetHeader(key, out var value) ? HeaderValues.Normalize(value) ?? value : null;
}
