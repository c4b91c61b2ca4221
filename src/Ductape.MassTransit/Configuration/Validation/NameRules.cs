using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>
/// The names that brokers will see: explicit ones must be acceptable, and no two topics may share one.
/// </summary>
internal static class NameRules
{
    public static void Check(CatalogConfig catalog, ICollection<ConfigurationProblem> problems)
    {
        // One namespace for both: on RabbitMQ and in memory a queue has an exchange of its name.
        var owners = new Dictionary<(object Broker, string Name), (string Kind, string Owner, string Path)>();
        var events = new Dictionary<(object Broker, string Event), (string Entity, string Owner, string Path)>();
        foreach (var product in catalog.Products.Values.OrderBy(x => x.Tag, StringComparer.Ordinal))
        {
            foreach (var broker in product.Brokers.Values.OrderBy(x => x.Tag, StringComparer.Ordinal))
            {
                foreach (var topic in broker.Topics.Values.OrderBy(x => x.Tag, StringComparer.Ordinal))
                {
                    foreach (var env in broker.Envs.Values.Where(x => x.Transport is not null))
                    {
                        var topicPath = $"{broker.Path}:Topics:{topic.Tag}";
                        var at = topic.AtOwnQueueUrl(env);
                        var rules = at.Transport!.NamingOf(at.Settings!);
                        var options = topic.EnvOf(env.Env);
                        CheckExplicit(options.Entity, "Entity", rules, rules.MaxEntityLength, topicPath, problems);
                        CheckExplicit(options.Queue, "Queue", rules, rules.MaxQueueLength, topicPath, problems);

                        var names = RouteNames.Of(product.Tag, broker.Tag, topic, at);
                        var connection = (at.Transport.Type, at.Transport.GetConnectionKey(at.Settings!));
                        // Products share an event on purpose; different events must not meet in one entity.
                        Claim(connection, "entity", names.Entity, $"{broker.Tag}:{topic.Tag} in {env.Env}", topicPath);
                        if (options.Entity is null && !names.IsExistingQueue)
                            ClaimEvent(connection, names.Entity, $"{broker.Tag}:{topic.Tag} in {env.Env}", topicPath);
                        // An existing queue that everything goes to is both.
                        if (!names.IsExistingQueue)
                            Claim(connection, "queue", names.Queue, $"{product.Tag} for {broker.Tag}:{topic.Tag} in {env.Env}", topicPath);
                    }
                }
            }
        }

        // Products that spell an event in other cases would not hear of each other.
        void ClaimEvent(object connection, string entity, string owner, string topicPath)
        {
            if (events.TryAdd((connection, owner.ToUpperInvariant()), (entity, owner, topicPath)))
                return;

            var other = events[(connection, owner.ToUpperInvariant())];
            if (other.Entity != entity)
            {
                problems.Add(new(
                    topicPath,
                    $"{owner} and {other.Owner} ({other.Path}) differ in case alone, which makes one event with two names, '{entity}' and '{other.Entity}'",
                    "write both in the same case, or set Entity on both topics"));
            }
        }

        void Claim(object connection, string kind, string name, string owner, string topicPath)
        {
            if (owners.TryAdd((connection, name), (kind, owner, topicPath)))
                return;

            var other = owners[(connection, name)];
            if (other.Kind == "queue" && kind == "queue" && other.Path == topicPath && other.Owner != owner)
            {
                problems.Add(new(
                    topicPath,
                    $"the queue name '{name}' would be that of {other.Owner} and of {owner}, which share this topic, and a queue belongs to one product",
                    "leave Queue out, or give one of the products a broker of its own"));
            }
            else if ((other.Kind, other.Owner) != (kind, owner))
            {
                var whose = other.Kind == kind ? "that" : $"the {other.Kind} name";
                problems.Add(new(
                    topicPath,
                    $"the {kind} name '{name}' of {owner} is also {whose} of {other.Owner} ({other.Path})",
                    $"rename one of the tags, or set {(kind == "entity" ? "Entity" : "Queue")} on one of the topics"));
            }
        }
    }

    private static void CheckExplicit(
        string? name, string key, NamingRules rules, int maxLength, string path, ICollection<ConfigurationProblem> problems)
    {
        if (name is not null && rules.Fault(name, maxLength) is var (fault, remedy)
            && new ConfigurationProblem($"{path}:{key}", $"'{name}' {fault}", remedy) is var problem && !problems.Contains(problem))
            problems.Add(problem);
    }
}
