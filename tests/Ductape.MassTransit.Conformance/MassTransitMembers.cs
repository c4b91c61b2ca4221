using System.Reflection;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit.Conformance;

/// <summary>
/// The members of an assembly that MassTransit calls, or did: those that override one of its members or implement one
/// of its interfaces.
/// </summary>
public static partial class MassTransitMembers
{
    /// <summary>The members by name, with their tokens; those of an overloaded name show their parameters.</summary>
    public static IReadOnlyDictionary<string, int> Of(Assembly assembly) => assembly.GetTypes().SelectMany(Of).GroupBy(NameOf, StringComparer.Ordinal)
        .SelectMany(x => x, (x, method) => (Name: x.Count() == 1 ? x.Key : $"{x.Key}({ParametersOf(method)})", Method: method))
        .ToDictionary(x => x.Name, x => x.Method.MetadataToken, StringComparer.Ordinal);

    /// <summary>
    /// The names of the types of an assembly that have such members or derive from a type of MassTransit.
    /// </summary>
    public static IEnumerable<string> TypesOf(Assembly assembly) => assembly.GetTypes().Where(x => IsMassTransits(x.BaseType) || Of(x).Any()).Select(NameOf);

    private static IEnumerable<MethodInfo> Of(Type type)
    {
        const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        if (type.IsInterface)
            return [];

        var overrides = type.GetMethods(own).Where(x => x.IsVirtual && IsMassTransits(x.GetBaseDefinition().DeclaringType));
        // MassTransit disposes what it is given too.
        var interfaces = type.GetInterfaces();
        var implementations = interfaces
            .Where(x => IsMassTransits(x) || (interfaces.Any(IsMassTransits) && (x == typeof(IDisposable) || x == typeof(IAsyncDisposable))))
            .SelectMany(x => type.GetInterfaceMap(x).TargetMethods).Where(x => x.DeclaringType == type);
        return overrides.Concat(implementations).DistinctBy(x => x.MetadataToken);
    }

    private static bool IsMassTransits(Type? type) => type?.Assembly.GetName().Name!.StartsWith("MassTransit", StringComparison.Ordinal) == true;

    private static string NameOf(Type type) => Plain(type.FullName![(type.Assembly.GetName().Name!.Length + 1)..]);

    // An explicit implementation is named for its interface, without the namespace.
    private static string NameOf(MethodInfo method)
    {
        var member = string.Join('.', TypeArguments().Replace(method.Name, "").Split('.').TakeLast(2));
        return $"{NameOf(method.DeclaringType!)}.{member.Replace("get_", "", StringComparison.Ordinal)}";
    }

    private static string ParametersOf(MethodInfo method) => string.Join(", ", method.GetParameters().Select(x => Plain(x.ParameterType.Name)));

    private static string Plain(string name) => Arity().Replace(name, "").Replace('+', '.');

    [GeneratedRegex("<.*>")]
    private static partial Regex TypeArguments();

    [GeneratedRegex(@"`\d+")]
    private static partial Regex Arity();
}
