using System.Collections;
using System.Reflection;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>
/// Parts that are null, in code or in a configuration's lists: every other rule, and a transport, relies on their being
/// there.
/// </summary>
internal static class NullRules
{
    public static void Check(object options, string path, ICollection<ConfigurationProblem> problems)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var isText = property.PropertyType == typeof(string);
            if (!property.CanWrite || property.IsDefined(typeof(NotFromConfigurationAttribute)) || !(isText || IsPart(property.PropertyType, options)))
                continue;

            var at = $"{path}:{property.Name}";
            switch (property.GetValue(options))
            {
                case string:
                case null when new NullabilityInfoContext().Create(property).WriteState is var state
                    && (state == NullabilityState.Nullable || (isText && state == NullabilityState.Unknown)):
                    break;
                case null:
                    problems.Add(new(at, "it is null", "leave it as it is, or give it a value"));
                    break;
                case IDictionary dictionary:
                    foreach (DictionaryEntry entry in dictionary)
                        CheckElement(entry.Value, options, $"{at}:{entry.Key}", problems);
                    break;
                case IList list:
                    for (var i = 0; i < list.Count; i++)
                        CheckElement(list[i], options, $"{at}:{i}", problems);
                    break;
                case var part:
                    Check(part, at, problems);
                    break;
            }
        }
    }

    private static void CheckElement(object? element, object owner, string path, ICollection<ConfigurationProblem> problems)
    {
        if (element is null)
            problems.Add(new(path, "it is null", "leave it out, or give it a value"));
        else if (IsPart(element.GetType(), owner))
            Check(element, path, problems);
    }

    // Lists, dictionaries and options of the owner's library.
    private static bool IsPart(Type type, object owner) =>
        typeof(IDictionary).IsAssignableFrom(type) || typeof(IList).IsAssignableFrom(type)
        || (type.IsClass && type.Assembly == owner.GetType().Assembly);
}
