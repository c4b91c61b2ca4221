using System.Text;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Diagnostics;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>A topic.</summary>
internal static class TopicRules
{
    private static readonly string[] ExchangeTypes = ["fanout", "direct", "topic"];

    public static void Check(TopicOptions topic, string path, ICollection<string> envs, ICollection<ConfigurationProblem> problems)
    {
        RetryRules.Check(topic, path, problems);
        CheckAtLeastOne(topic.Prefetch, $"{path}:Prefetch", problems);
        CheckAtLeastOne(topic.Concurrency, $"{path}:Concurrency", problems);
        KillSwitchRules.Check(topic.KillSwitch, $"{path}:KillSwitch", problems);
        if (topic.PartitionKey is not null && PartitionKeyPath.TryParse(topic.PartitionKey) is null)
            problems.Add(new($"{path}:PartitionKey", $"{ConfigurationProblem.Quoted(topic.PartitionKey)} is not a path", "write names with dots between, as customer.id"));
        CheckExchangeType(topic.ExchangeType, path, problems);
        CheckRoutingKey(topic.RoutingKey, path, problems);
        WindowRules.Check(topic.Deduplicate, $"{path}:Deduplicate", problems);

        for (var i = 0; i < topic.Subscribers.Count; i++)
            TagRules.Check(topic.Subscribers[i], $"{path}:Subscribers:{i}", "product", problems);

        TagRules.CheckDistinct(topic.Envs.Keys, $"{path}:Envs", problems);
        foreach (var (env, options) in topic.Envs)
        {
            if (!envs.Contains(env, Tags.Comparer))
                problems.Add(new($"{path}:Envs:{env}", $"the broker has no environment {ConfigurationProblem.Quoted(env)}", NearMiss.SuggestOrList(env, [.. envs])));
            CheckExchangeType(options.ExchangeType, $"{path}:Envs:{env}", problems);
            CheckRoutingKey(options.RoutingKey, $"{path}:Envs:{env}", problems);
        }
    }

    public static void CheckAtLeastOne(int? value, string path, ICollection<ConfigurationProblem> problems)
    {
        if (value is < 1 or > ushort.MaxValue)
            problems.Add(new(path, $"{value} is out of range", $"it must be from 1 to {ushort.MaxValue}"));
    }

    // AMQP's own limit.
    private static void CheckRoutingKey(string? key, string path, ICollection<ConfigurationProblem> problems)
    {
        if (key is not null && Encoding.UTF8.GetByteCount(key) > 255)
            problems.Add(new($"{path}:RoutingKey", "it is longer than 255 bytes"));
    }

    private static void CheckExchangeType(string? type, string path, ICollection<ConfigurationProblem> problems)
    {
        if (type is not null && !ExchangeTypes.Contains(type))
            problems.Add(new($"{path}:ExchangeType", $"{ConfigurationProblem.Quoted(type)} is not known", $"one of {string.Join(", ", ExchangeTypes)}"));
    }
}
