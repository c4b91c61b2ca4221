using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>
/// The settings of a transport. The transport says what is wrong with them; what would be in its way is found before,
/// and a transport that throws takes no other problem with it.
/// </summary>
internal static class SettingsRules
{
    /// <summary>Everything that is wrong with the settings of an environment.</summary>
    public static void Check(BrokerEnvOptions env, IBrokerTransport transport, string path, bool onTestHarness, ICollection<ConfigurationProblem> problems)
    {
        if (Read(env, transport, path, problems) is not { } settings)
            return;

        SecretFormRules.Check(settings, $"{path}:Config", problems);
        // On MassTransit's test harness nobody connects: what is missing there, such as the file of a certificate, is
        // of no use.
        if (!onTestHarness)
        {
            foreach (var problem in Validate(transport, settings, $"{path}:Config"))
                problems.Add(problem);
        }

        TopicRules.CheckAtLeastOne(settings.Prefetch, $"{path}:Config:Prefetch", problems);
        TopicRules.CheckAtLeastOne(settings.Concurrency, $"{path}:Config:Concurrency", problems);
    }

    /// <summary>The settings of an environment, or null where a transport cannot do with them.</summary>
    public static TransportSettings? Find(BrokerEnvOptions env, IBrokerTransport transport) => Read(env, transport, "", []);

    /// <summary>What a transport says of settings.</summary>
    public static IReadOnlyList<ConfigurationProblem> Validate(IBrokerTransport transport, TransportSettings settings, string path) =>
        Collect(() => transport.Validate(settings), transport, path);

    /// <summary>What a transport says, each below a path.</summary>
    public static IReadOnlyList<ConfigurationProblem> Collect(Func<IEnumerable<ConfigurationProblem>> validate, IBrokerTransport transport, string path)
    {
        var problems = new List<ConfigurationProblem>();
        try
        {
            foreach (var problem in validate())
                problems.Add(problem.Below(path));
        }
        catch (Exception exception)
        {
            // Not its message, which may have a value in it.
            problems.Add(new(path, $"the transport {transport.Type} failed at checking it, with {exception.GetType().Name}",
                "look for a value that is out of place; and the transport has to say which it is"));
        }

        return problems;
    }

    private static TransportSettings? Read(BrokerEnvOptions env, IBrokerTransport transport, string path, ICollection<ConfigurationProblem> problems)
    {
        var type = transport.CreateSettings().GetType();
        if (env.Settings is not null && env.Settings.GetType() != type)
        {
            problems.Add(new($"{path}:Settings", $"{env.Settings.GetType().Name} are not the settings of {transport.Type}", $"give {type.Name}"));
            return null;
        }

        var settings = CatalogBuilder.BindSettings(env, transport, $"{path}:Config", problems);
        var nulls = new List<ConfigurationProblem>();
        NullRules.Check(settings, $"{path}:Config", nulls);
        foreach (var problem in nulls)
            problems.Add(problem);
        return nulls.Count == 0 ? settings : null;
    }
}
