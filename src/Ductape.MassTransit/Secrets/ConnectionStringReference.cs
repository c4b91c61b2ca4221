using System.Reflection;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit.Secrets;

/// <summary>
/// How a setting that names a connection string is looked up: as a reference to the secret
/// <c>ConnectionStrings:NAME</c>, which only the application's configuration has.
/// </summary>
internal static class ConnectionStringReference
{
    private const string Prefix = "ConnectionStrings:";

    /// <summary>The key of a connection string among the secrets.</summary>
    public static string Key(string name) => Prefix + name;

    /// <summary>The name of the connection string that a key of a secret means, or null.</summary>
    public static string? NameIn(string key) => key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? key[Prefix.Length..] : null;

    /// <summary>The value of a setting as a reference, where it names a connection string; else null.</summary>
    public static string? Of(PropertyInfo property, object target) =>
        TargetOf(property) is not null && property.GetValue(target) is string { Length: > 0 } name ? $"$Secret{{{Key(name)}}}" : null;

    /// <summary>The setting that takes the connection string which another setting names, or null.</summary>
    public static string? TargetOf(PropertyInfo property) => property.GetCustomAttribute<ConnectionStringNameAttribute>()?.Setting;

    /// <summary>
    /// A problem of settings whose connection string was looked up, told of the setting that was configured.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="configured">The settings as they are configured.</param>
    /// <param name="path">Their path.</param>
    public static ConfigurationProblem Place(ConfigurationProblem problem, object configured, string path)
    {
        foreach (var property in configured.GetType().GetProperties().Where(x => Of(x, configured) is not null))
        {
            var (target, name) = (TargetOf(property)!, $"the connection string '{property.GetValue(configured)}'");
            problem = problem.Path == $"{path}:{target}"
                ? problem with { Path = $"{path}:{property.Name}", Problem = $"{name} does not do; {problem.Problem}" }
                : problem with { Problem = Regex.Replace(problem.Problem, $@"\b(the )?{target}\b", name.Replace("$", "$$", StringComparison.Ordinal)) };
        }

        return problem;
    }

    /// <summary>The problem of a setting that names a connection string which nothing has.</summary>
    public static ConfigurationProblem Missing(string name, string path) => new(
        path,
        $"it names the connection string '{name}', and the application's configuration has none",
        $"set ConnectionStrings:{name}, in the environment ConnectionStrings__{name}; with Aspire, refer to the resource with WithReference");
}
