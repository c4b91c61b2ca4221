using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>
/// Adds the brokers of an events file to a product, after the application's configuration, which wins. Where no product
/// was named for the file, a broker that the configuration shares is added to where it stands.
/// </summary>
internal sealed class LoadEventsFile(string path, string? product, string? contentRoot) : IPostConfigureOptions<DuctapeOptions>
{
    public void PostConfigure(string? name, DuctapeOptions options)
    {
        var problems = options.BindingProblems;
        var tag = product ?? options.Product;
        if (string.IsNullOrWhiteSpace(tag))
        {
            problems.Add(new(path, "no product is named for the brokers of this file", $"set {options.Path}:Product, or give AddDuctapeEventsFile a product"));
            return;
        }

        if (Read(problems) is not { } json)
            return;

        var file = new EventsFile();
        try
        {
            OptionsBinder.Bind(file, AsConfiguration(json), path, problems);
        }
        catch (FormatException exception)
        {
            problems.Add(new(path, exception.Message));
            return;
        }

        CheckDistinct(file, problems);
        if (options.Brokers.Count == 0 && !options.Products.TryFind(tag, out _))
            options.Products[tag] = new ProductOptions();
        for (var i = 0; i < file.Events.Count; i++)
        {
            var source = file.Events[i];
            if (string.IsNullOrWhiteSpace(source.Tag))
                problems.Add(new($"{path}:Events:{i}:tag", "it is missing"));
            else
                Add(source, json[i]!, $"{path}:Events:{i}", BrokerOf(options, tag, source.Tag), problems);
        }
    }

    private BrokerOptions BrokerOf(DuctapeOptions options, string owner, string tag)
    {
        if (options.Products.TryFind(owner, out var target) && target.Brokers.TryFind(tag, out var own))
            return own;
        if (product is null && options.Brokers.TryFind(tag, out var shared))
            return shared;

        if (target is null)
            options.Products[owner] = target = new ProductOptions();
        return target.Brokers[tag] = new BrokerOptions();
    }

    private void CheckDistinct(EventsFile file, ICollection<ConfigurationProblem> problems)
    {
        TagRules.CheckDistinct(file.Events.Select(x => x.Tag).OfType<string>(), path, problems);
        foreach (var broker in file.Events)
        {
            TagRules.CheckDistinct(broker.Envs.Select(x => x.Slug).OfType<string>(), $"{path}:{broker.Tag}:envs", problems);
            TagRules.CheckDistinct(broker.Topics.Select(x => x.Tag).OfType<string>(), $"{path}:{broker.Tag}:topics", problems);
        }
    }

    private static void Add(EventsFileBroker source, JsonNode json, string at, BrokerOptions broker, ICollection<ConfigurationProblem> problems)
    {
        broker.Name ??= source.Name;
        broker.Description ??= source.Description;

        for (var i = 0; i < source.Envs.Count; i++)
        {
            var env = source.Envs[i];
            if (string.IsNullOrWhiteSpace(env.Slug))
            {
                problems.Add(new($"{at}:envs:{i}:slug", "it is missing"));
                continue;
            }

            if (!broker.Envs.TryFind(env.Slug, out var target))
                broker.Envs[env.Slug] = target = new BrokerEnvOptions();
            // The settings belong to the type: those of one source do not fit the type of the other.
            if (target.Type is null)
                (target.Type, target.Config) = (env.Type, IsGiven(target.Config) ? target.Config : env.Config);
        }

        for (var i = 0; i < source.Topics.Count; i++)
            Add(source.Topics[i], SampleOf(json, i), source.Tag!, $"{at}:topics:{i}", broker, problems);
    }

    private static void Add(
        EventsFileTopic source, JsonNode? sample, string brokerTag, string at, BrokerOptions broker, ICollection<ConfigurationProblem> problems)
    {
        if (!EventName.TryParse(source.Tag, out var name) || !Tags.Same(name.Broker, brokerTag))
        {
            problems.Add(new($"{at}:tag", $"{ConfigurationProblem.Quoted(source.Tag ?? "")} is not a topic of this broker", $"write it in full, as '{brokerTag}:topicTag'"));
            return;
        }

        if (!broker.Topics.TryFind(name.Topic, out var topic))
            broker.Topics[name.Topic] = topic = new TopicOptions();
        topic.Name ??= source.Name;
        topic.Description ??= source.Description;
        if (!IsGiven(topic.Sample))
            topic.SampleJson ??= sample?.DeepClone();

        for (var i = 0; i < source.QueueUrls.Count; i++)
        {
            var url = source.QueueUrls[i];
            if (string.IsNullOrWhiteSpace(url.EnvSlug) || string.IsNullOrWhiteSpace(url.Url))
            {
                problems.Add(new($"{at}:queueUrls:{i}", "it needs both env_slug and url"));
                continue;
            }

            if (!topic.Envs.TryFind(url.EnvSlug, out var env))
                topic.Envs[url.EnvSlug] = env = new TopicEnvOptions();
            env.QueueUrl ??= url.Url;
        }
    }

    // The binder sets every section, also one that nobody wrote.
    private static bool IsGiven(IConfigurationSection? section) => section?.Exists() == true;

    private JsonArray? Read(ICollection<ConfigurationProblem> problems)
    {
        var file = Path.IsPathRooted(path) ? path : Path.Combine(contentRoot ?? Directory.GetCurrentDirectory(), path);
        try
        {
            var node = JsonNode.Parse(File.ReadAllBytes(file),
                documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (node is JsonArray array)
                return array;

            problems.Add(new(path, "it must be a JSON array of brokers, as Ductape's CLI writes it"));
        }
        catch (JsonException exception)
        {
            problems.Add(new(path, $"it is not JSON: {exception.Message}"));
        }
        // An ArgumentException is a path that no file can have, as one with a NUL.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add(new(path, $"it cannot be read: {exception.Message}"));
        }

        return null;
    }

    // A configuration has no array at its top.
    private static IConfiguration AsConfiguration(JsonArray json)
    {
        var stream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["Events"] = json.DeepClone() }));
        return new ConfigurationBuilder().AddJsonStream(stream).Build();
    }

    // The sample is taken from the JSON itself: a configuration would lose its types. Keys are read in any case, as
    // those of a configuration.
    private static JsonNode? SampleOf(JsonNode broker, int topic) =>
        Find(broker, nameof(EventsFileBroker.Topics)) is JsonArray topics ? Find(topics[topic], nameof(EventsFileTopic.Sample)) : null;

    private static JsonNode? Find(JsonNode? node, string key) =>
        (node as JsonObject)?.FirstOrDefault(x => x.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
}
