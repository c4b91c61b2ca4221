using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Ductape.MassTransit.Topics;

/// <summary>What <see cref="PackedHeaders"/> packed, before the other headers of the message.</summary>
internal sealed class UnpackedHeaders(Headers others, Dictionary<string, JsonElement> packed) : Headers
{
    public IEnumerable<KeyValuePair<string, object>> GetAll() => packed.Keys
        .Select(x => KeyValuePair.Create(x, Find(x)!))
        .Concat(others.GetAll().Where(x => !packed.ContainsKey(x.Key)));

    public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value) =>
        (value = Find(key)) is not null || others.TryGetHeader(key, out value);

    public T? Get<T>(string key, T? defaultValue = default)
        where T : class =>
        Find(key) is { } value ? value as T ?? defaultValue : others.Get(key, defaultValue);

    public T? Get<T>(string key, T? defaultValue = default)
        where T : struct =>
        Find(key) is { } value ? value as T? ?? defaultValue : others.Get(key, defaultValue);

    public IEnumerator<HeaderValue> GetEnumerator() => GetAll().Select(x => new HeaderValue(x)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private object? Find(string key) => packed.TryGetValue(key, out var json) ? HeaderValues.Normalize(json) : null;
}
