using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Configuration.Binding;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>
/// Reads the schemas and samples of topics; of the same options once, so that a catalog has what was checked.
/// </summary>
/// <param name="samples">Reads samples.</param>
/// <param name="schemas">Reads schemas, where a package for them is added.</param>
/// <param name="host">Knows the content root, where there is a host.</param>
internal sealed class TopicSchemas(ISampleReader samples, IMessageSchemaReader? schemas = null, IHostEnvironment? host = null)
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    // As long as the options live. A reload makes new ones.
    private readonly ConditionalWeakTable<TopicOptions, Reading> _readings = [];

    /// <summary>Looks for what is wrong with the schema of a topic, also where messages are not checked.</summary>
    public void Check(TopicOptions topic, string path, ICollection<ConfigurationProblem> problems)
    {
        if (!Enum.IsDefined(topic.Validate))
            problems.Add(new($"{path}:Validate", $"{(int)topic.Validate} is not known", $"one of {string.Join(", ", Enum.GetNames<MessageValidation>())}"));

        foreach (var problem in ReadingOf(topic).Problems)
            problems.Add(problem.Below(path));
    }

    /// <summary>How the messages of a topic that was checked are checked, or null where they are not.</summary>
    public TopicCheckConfig? CheckOf(TopicOptions topic) =>
        topic.Validate == MessageValidation.Off ? null : new TopicCheckConfig(ReadingOf(topic).Schema!, topic.Validate == MessageValidation.Warn);

    private Reading ReadingOf(TopicOptions topic) => _readings.GetValue(topic, x =>
    {
        var problems = new List<ConfigurationProblem>();
        return new Reading(Read(x, problems), problems);
    });

    private IMessageSchema? Read(TopicOptions topic, ICollection<ConfigurationProblem> problems)
    {
        var key = topic.SchemaJson is not null ? nameof(TopicOptions.SchemaJson) : nameof(TopicOptions.Schema);
        if (topic.SchemaJson is null && topic.Schema is null)
            return topic.Validate == MessageValidation.Off ? null : ReadSample(topic, problems);
        if (schemas is null)
        {
            problems.Add(new(key, "nothing here can read a JSON Schema",
                "run 'dotnet add package Ductape.MassTransit.JsonSchema' and call .AddJsonSchema() after AddDuctapeMessageBroker()"));
            return null;
        }

        return topic.SchemaJson is { } json ? ReadSchema(json, key, "", problems) : ReadSchema(topic.Schema!, key, problems);
    }

    private IMessageSchema? ReadSchema(string schema, string path, ICollection<ConfigurationProblem> problems)
    {
        var isText = schema.AsSpan().TrimStart() is ['{', ..];
        if (!isText && !schema.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            problems.Add(new(path, $"'{(schema.Length > 80 ? schema[..80] + "…" : schema)}' is neither JSON text, which begins with '{{', nor the path of a "
                + ".json file"));
            return null;
        }

        if (!isText && schema.Contains('\0'))
        {
            problems.Add(new(path, $"{ConfigurationProblem.Quoted(schema)} is no path, since no path has a NUL",
                "give the path of a .json file"));
            return null;
        }

        try
        {
            var json = isText
                ? JsonNode.Parse(schema, documentOptions: Lenient)
                : JsonNode.Parse(File.ReadAllBytes(Path.Combine(host?.ContentRootPath ?? Directory.GetCurrentDirectory(), schema)), documentOptions: Lenient);
            if (json is not null)
                return ReadSchema(json, path, isText ? "" : $"{schema} ", problems);
            problems.Add(new(path, $"{schema} must be a JSON Schema, and is null"));
        }
        catch (JsonException exception)
        {
            problems.Add(new(path, $"{(isText ? "it" : schema)} is not JSON: {exception.Message}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(new(path, $"{schema} cannot be read: {exception.Message}"));
        }

        return null;
    }

    private IMessageSchema? ReadSchema(JsonNode schema, string path, string file, ICollection<ConfigurationProblem> problems)
    {
        try
        {
            return schemas!.Read(schema);
        }
        catch (InvalidSchemaException exception)
        {
            foreach (var problem in exception.Problems)
                problems.Add(new(path, $"{file}{problem}"));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            problems.Add(new(path, $"{(file.Length == 0 ? "it " : file)}cannot be read: {exception.Message}"));
        }

        return null;
    }

    private IMessageSchema? ReadSample(TopicOptions topic, ICollection<ConfigurationProblem> problems)
    {
        try
        {
            if ((topic.SampleJson ?? SampleSection.ReadText(topic.Sample?.Value)) is { } json)
                return samples.Read(json);
            if (topic.Sample?.Value is not null || topic.Sample?.GetChildren().Any() == true)
                return samples.Read(topic.Sample);

            problems.Add(new(nameof(TopicOptions.Validate), $"'{topic.Validate}' has nothing to check messages against",
                "give the topic a Schema or a Sample, or set it to Off"));
        }
        catch (ArgumentException exception)
        {
            problems.Add(new(nameof(TopicOptions.Sample), $"it cannot be read: {exception.Message}"));
        }

        return null;
    }

    private sealed record Reading(IMessageSchema? Schema, IReadOnlyList<ConfigurationProblem> Problems);
}
