using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>A broker, its environments and its topics.</summary>
internal static class BrokerRules
{
    public static void Check(
        string tag, BrokerOptions broker, string path, string? envInUse, TransportSet transports, ICollection<ConfigurationProblem> problems)
    {
        TagRules.Check(tag, path, "broker", problems);

        if (broker.Envs.Count == 0)
        {
            problems.Add(new($"{path}:Envs", "it is empty",
                $"say for at least one environment where the broker lives, as \"dev\": {{ \"Type\": \"{BrokerTypes.InMemory}\" }}"));
        }

        TagRules.CheckDistinct(broker.Envs.Keys, $"{path}:Envs", problems);
        TagRules.CheckDistinct(broker.Topics.Keys, $"{path}:Topics", problems);
        foreach (var (env, options) in broker.Envs)
        {
            TagRules.Check(env, $"{path}:Envs:{env}", "environment", problems);
            CheckEnv(options, $"{path}:Envs:{env}", Tags.Same(env, envInUse), transports, problems);
        }

        foreach (var (topicTag, topic) in broker.Topics)
        {
            var topicPath = $"{path}:Topics:{topicTag}";
            TagRules.Check(topicTag, topicPath, "topic", problems);
            TopicRules.Check(topic, topicPath, broker.Envs.Keys, problems);
            CheckOnTransports(topic, broker, topicPath, transports, problems);
            foreach (var (env, options) in topic.Envs)
            {
                if (options.QueueUrl is not null && broker.Envs.TryFind(env, out var brokerEnv))
                    CheckQueueUrl(options.QueueUrl, brokerEnv, $"{topicPath}:Envs:{env}", transports, problems);
            }
        }
    }

    private static void CheckEnv(
        BrokerEnvOptions env, string path, bool inUse, TransportSet transports, ICollection<ConfigurationProblem> problems)
    {
        if (env.MaxMessageSize is <= 0)
            problems.Add(new($"{path}:MaxMessageSize", $"{env.MaxMessageSize} is out of range", "it is a number of bytes and must be at least 1"));

        if (string.IsNullOrWhiteSpace(env.Type))
        {
            problems.Add(new($"{path}:Type", "it is missing", $"one of {string.Join(", ", BrokerTypes.Supported)}"));
            return;
        }

        // A type that this machine cannot serve stops start-up only where it would be used; a misspelt one always.
        if (transports.Problem(env.Type, $"{path}:Type") is { } problem)
        {
            var known = BrokerTypes.Supported.Concat(BrokerTypes.KnownToDuctape).Contains(env.Type, StringComparer.OrdinalIgnoreCase);
            if (inUse || !known)
                problems.Add(problem);
        }

        // A transport that cannot connect here still knows what is wrong with its settings.
        if (transports.Find(env.Type) is not { } transport)
            return;
        if (env.Settings is not null && env.Settings.GetType() != transport.CreateSettings().GetType())
        {
            problems.Add(new($"{path}:Settings", $"{env.Settings.GetType().Name} are not the settings of {transport.Type}",
                $"give {transport.CreateSettings().GetType().Name}"));
            return;
        }

        var settings = CatalogBuilder.BindSettings(env, transport, $"{path}:Config", problems);
        // On MassTransit's test harness nobody connects: what is missing there, such as the file of a certificate, is
        // of no use.
        if (!transports.OnTestHarness)
        {
            foreach (var settingsProblem in transport.Validate(settings))
                problems.Add(settingsProblem.Below($"{path}:Config"));
        }

        TopicRules.CheckAtLeastOne(settings.Prefetch, $"{path}:Config:Prefetch", problems);
        TopicRules.CheckAtLeastOne(settings.Concurrency, $"{path}:Config:Concurrency", problems);
    }

    // What is wrong in one environment is mostly wrong in all of that transport.
    private static void CheckOnTransports(
        TopicOptions topic, BrokerOptions broker, string path, TransportSet transports, ICollection<ConfigurationProblem> problems)
    {
        var found = broker.Envs.Values.SelectMany(env =>
            env.Type is not null && transports.Find(env.Type) is { } transport and IDeclaringTransport declaring
            && (env.Settings is null || env.Settings.GetType() == transport.CreateSettings().GetType())
                ? declaring.ValidateTopic(topic, CatalogBuilder.BindSettings(env, transport, "", []))
                : []);
        foreach (var problem in found.Distinct())
            problems.Add(problem.Below(path));
    }

    // A URL is a setting of the transport, which therefore says what is wrong with it.
    private static void CheckQueueUrl(
        string queueUrl, BrokerEnvOptions env, string path, TransportSet transports, ICollection<ConfigurationProblem> problems)
    {
        if (env.Type is null || transports.Find(env.Type) is not { } transport || transport is not IQueueUrlTransport urls
            || (env.Settings is not null && env.Settings.GetType() != transport.CreateSettings().GetType())
            || urls.AtQueueUrl(CatalogBuilder.BindSettings(env, transport, "", []), queueUrl) is not { } settings)
            return;

        foreach (var problem in transport.Validate(settings).Where(x => x.Path == nameof(TopicEnvOptions.QueueUrl)))
            problems.Add(problem.Below(path));
    }
}
