using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Secrets;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>Where a secret cannot stand: names and routing keys are shown in logs, errors and at the broker.</summary>
internal static class SecretPlaceRules
{
    public static void Check(DuctapeOptions options, ICollection<ConfigurationProblem> problems)
    {
        foreach (var (_, broker, path) in ConfiguredProducts.Brokers(options))
        {
            Check(broker, path, problems);
            foreach (var (env, envOptions) in broker.Envs)
            {
                if (SecretReferences.AreIn(envOptions.Type))
                    problems.Add(Problem($"{path}:Envs:{env}:Type"));
            }

            foreach (var (topic, topicOptions) in broker.Topics)
            {
                Check(topicOptions, $"{path}:Topics:{topic}", problems);
                foreach (var (env, envOptions) in topicOptions.Envs)
                    Check(envOptions, $"{path}:Topics:{topic}:Envs:{env}", problems);
            }
        }
    }

    private static void Check(object options, string path, ICollection<ConfigurationProblem> problems)
    {
        // Descriptions are prose.
        foreach (var (at, _) in SecretSettings.Find(options, path).Where(x => x.Text.Contains(SecretReferences.Start, StringComparison.Ordinal)))
            problems.Add(Problem(at));
    }

    private static ConfigurationProblem Problem(string path) => new(path, "a secret cannot stand here, since names are shown in logs and at the broker",
        "$Secret{KEY} belongs in a broker's Config and in the keys, Issuer and Audience of a session type");
}
