using Ductape.MassTransit.Secrets;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>
/// What begins like a reference to a secret and is none, where references may stand. It would be taken as it is
/// written, also for a key that tokens are signed with, and whoever reads the configuration would know it.
/// </summary>
internal static class SecretFormRules
{
    public static void Check(object options, string path, ICollection<ConfigurationProblem> problems)
    {
        foreach (var (at, text) in SecretSettings.Find(options, path))
        {
            if (SecretReferences.MalformedIn(text) is { } beginning)
            {
                problems.Add(new(at, $"'{beginning}' begins a reference to a secret, and what follows is none (not shown, since it may hold a password)",
                    "write $Secret{KEY}, with the key of the secret between the braces; a value that has these characters itself goes into a secret"));
            }
        }
    }
}
