using System.Collections;
using System.Reflection;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>
/// Parts that code set to null: a configuration cannot, and every other rule relies on their being there.
/// </summary>
internal static class NullRules
{
    public static void Check(object options, string path, ICollection<ConfigurationProblem> problems)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.IsDefined(typeof(NotFromConfigurationAttribute)) || !IsPart(property.PropertyType))
                continue;

            var at = $"{path}:{property.Name}";
            switch (property.GetValue(options))
            {
                case null when new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable:
                    break;
                case null:
                    problems.Add(new(at, "it is null", "leave it as it is, or give it a value"));
                    break;
                case IDictionary dictionary:
                    foreach (DictionaryEntry entry in dictionary)
                        CheckElement(entry.Value, $"{at}:{entry.Key}", problems);
                    break;
                case IList list:
                    for (var i = 0; i < list.Count; i++)
                        CheckElement(list[i], $"{at}:{i}", problems);
                    break;
                case var part:
                    Check(part, at, problems);
                    break;
            }
        }
    }

    private static void CheckElement(object? element, string path, ICollection<ConfigurationProblem> problems)
    {
        if (element is null)
            problems.Add(new(path, "it is null", "leave it out, or give it a value"));
        else if (IsPart(element.GetType()))
            Check(element, path, problems);
    }

    // Lists, dictionaries and this library's own options; not texts and numbers, where null means "not set".
    private static bool IsPart(Type type) =>
        typeof(IDictionary).IsAssignableFrom(type) || typeof(IList).IsAssignableFrom(type)
        || (type.IsClass && type.Assembly == typeof(NullRules).Assembly);
}
