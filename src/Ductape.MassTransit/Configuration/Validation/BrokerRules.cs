using Ductape.MassTransit.Configuration.Binding;
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
        if (transports.Find(env.Type) is { } transport)
            SettingsRules.Check(env, transport, path, transports.OnTestHarness, problems);
    }

    // What is wrong in one environment is mostly wrong in all of that transport.
    private static void CheckOnTransports(
        TopicOptions topic, BrokerOptions broker, string path, TransportSet transports, ICollection<ConfigurationProblem> problems)
    {
        var found = broker.Envs.Values.SelectMany(env =>
            env.Type is not null && transports.Find(env.Type) is { } transport and IDeclaringTransport declaring
            && SettingsRules.Find(env, transport) is { } settings
                ? SettingsRules.Collect(() => declaring.ValidateTopic(topic, settings), transport, path)
                : []);
        foreach (var problem in found.Distinct())
            problems.Add(problem);
    }

    // A URL is a setting of the transport, which therefore says what is wrong with it.
    private static void CheckQueueUrl(
        string queueUrl, BrokerEnvOptions env, string path, TransportSet transports, ICollection<ConfigurationProblem> problems)
    {
        if (env.Type is not null && transports.Find(env.Type) is { } transport and IQueueUrlTransport urls
            && SettingsRules.Find(env, transport) is { } found && urls.AtQueueUrl(found, queueUrl) is { } settings)
        {
            var at = $"{path}:{nameof(TopicEnvOptions.QueueUrl)}";
            foreach (var problem in SettingsRules.Validate(transport, settings, path).Where(x => x.Path == at))
                problems.Add(problem);
        }
    }
}
