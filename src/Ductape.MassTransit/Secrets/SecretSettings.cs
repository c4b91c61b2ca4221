using System.Reflection;

namespace Ductape.MassTransit.Secrets;

/// <summary>
/// The references to secrets in an options or settings object: where they are, and a copy of the object without them.
/// </summary>
internal static class SecretSettings
{
    /// <summary>Every string with a reference, with its path below <paramref name="path"/>.</summary>
    public static IEnumerable<(string Path, string Text)> Find(object target, string path)
    {
        foreach (var property in Properties(target.GetType()))
        {
            var at = $"{path}:{property.Name}";
            if (ConnectionStringReference.Of(property, target) is { } connectionString)
            {
                yield return (at, connectionString);
                continue;
            }

            switch (property.GetValue(target))
            {
                case string text when SecretReferences.AreIn(text):
                    yield return (at, text);
                    break;
                case List<string> list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        if (SecretReferences.AreIn(list[i]))
                            yield return ($"{at}:{i}", list[i]);
                    }

                    break;
                case Dictionary<string, string> dictionary:
                    foreach (var (key, value) in dictionary.Where(x => SecretReferences.AreIn(x.Value)))
                        yield return ($"{at}:{key}", value);
                    break;
                case { } nested when IsNested(property):
                    foreach (var found in Find(nested, at))
                        yield return found;
                    break;
            }
        }
    }

    /// <summary>A copy with the references replaced; the object itself where it has none.</summary>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SecretNotFound"/>.</exception>
    public static async ValueTask<T> ExpandAsync<T>(T target, string path, SecretReferences secrets, CancellationToken cancellationToken)
        where T : class
    {
        if (!Find(target, path).Any())
            return target;

        var copy = Activator.CreateInstance(target.GetType())!;
        var connectionStrings = new List<(string Setting, string Value)>();
        foreach (var property in Properties(target.GetType()))
        {
            var at = $"{path}:{property.Name}";
            if (ConnectionStringReference.Of(property, target) is { } reference)
            {
                connectionStrings.Add((ConnectionStringReference.TargetOf(property)!,
                    await secrets.ExpandAsync(reference, at, cancellationToken).ConfigureAwait(false)));
                continue;
            }

            object? value = property.GetValue(target) switch
            {
                string text => await secrets.ExpandAsync(text, at, cancellationToken).ConfigureAwait(false),
                List<string> list => await ExpandAsync(list, at, secrets, cancellationToken).ConfigureAwait(false),
                Dictionary<string, string> dictionary => await ExpandAsync(dictionary, at, secrets, cancellationToken).ConfigureAwait(false),
                { } nested when IsNested(property) => await ExpandAsync(nested, at, secrets, cancellationToken).ConfigureAwait(false),
                var other => other,
            };
            property.SetValue(copy, value);
        }

        foreach (var (setting, value) in connectionStrings)
            copy.GetType().GetProperty(setting)!.SetValue(copy, value);
        return (T)copy;
    }

    private static async ValueTask<List<string>> ExpandAsync(
        List<string> list, string path, SecretReferences secrets, CancellationToken cancellationToken)
    {
        var copy = new List<string>(list.Count);
        for (var i = 0; i < list.Count; i++)
            copy.Add(await secrets.ExpandAsync(list[i], $"{path}:{i}", cancellationToken).ConfigureAwait(false));
        return copy;
    }

    private static async ValueTask<Dictionary<string, string>> ExpandAsync(
        Dictionary<string, string> dictionary, string path, SecretReferences secrets, CancellationToken cancellationToken)
    {
        var copy = new Dictionary<string, string>(dictionary.Count, dictionary.Comparer);
        foreach (var (key, value) in dictionary)
            copy.Add(key, await secrets.ExpandAsync(value, $"{path}:{key}", cancellationToken).ConfigureAwait(false));
        return copy;
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(x => x.CanRead && x.CanWrite && x.GetIndexParameters().Length == 0);

    private static bool IsNested(PropertyInfo property) =>
        property.PropertyType.IsClass && property.PropertyType.Namespace?.StartsWith("System", StringComparison.Ordinal) != true
        && property.PropertyType.GetConstructor(Type.EmptyTypes) is not null;
}
