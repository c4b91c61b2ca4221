using System.Text.Json;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Configuration.Binding;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>Reads the schemas and samples of topics.</summary>
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

    /// <summary>Looks for what is wrong with the schema of a topic, also where messages are not checked.</summary>
    public void Check(TopicOptions topic, string path, ICollection<string> problems)
    {
        if (!Enum.IsDefined(topic.Validate))
            problems.Add($"{path}:Validate: {(int)topic.Validate} is not known; one of {string.Join(", ", Enum.GetNames<MessageValidation>())}.");

        Read(topic, path, problems);
    }

    /// <summary>How the messages of a topic are checked, or null where they are not.</summary>
    /// <exception cref="OptionsValidationException">A file has changed since it was checked, and cannot be
    /// used.</exception>
    public TopicCheckConfig? CheckOf(TopicOptions topic, string path)
    {
        if (topic.Validate == MessageValidation.Off)
            return null;

        var problems = new List<string>();
        var schema = Read(topic, path, problems);
        return schema is null
            ? throw new OptionsValidationException(Options.DefaultName, typeof(DuctapeOptions), problems)
            : new TopicCheckConfig(schema, topic.Validate == MessageValidation.Warn);
    }

    private IMessageSchema? Read(TopicOptions topic, string path, ICollection<string> problems)
    {
        var (key, isSchema) = topic.SchemaJson is not null ? ($"{path}:SchemaJson", true)
            : topic.Schema is not null ? ($"{path}:Schema", true)
            : ($"{path}:Sample", false);
        if (!isSchema)
            return topic.Validate == MessageValidation.Off ? null : ReadSample(topic, path, problems);
        if (schemas is null)
        {
            problems.Add($"{key}: nothing here can read a JSON Schema; run 'dotnet add package Ductape.MassTransit.JsonSchema' and call .AddJsonSchema() after "
                + "AddDuctapeMessageBroker().");
            return null;
        }

        return topic.SchemaJson is { } json ? ReadSchema(json, key, problems) : ReadSchema(topic.Schema!, key, problems);
    }

    private IMessageSchema? ReadSchema(string schema, string path, ICollection<string> problems)
    {
        var isText = schema.AsSpan().TrimStart() is ['{', ..];
        if (!isText && !schema.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"{path}: '{(schema.Length > 80 ? schema[..80] + "…" : schema)}' is neither JSON text, which begins with '{{', nor the path of a "
                + ".json file.");
            return null;
        }

        if (!isText && schema.Contains('\0'))
        {
            problems.Add($"{path}: '{schema.Replace("\0", "\\u0000", StringComparison.Ordinal)}' is no path, since no path has a NUL; give the path of a .json file.");
            return null;
        }

        try
        {
            var json = isText
                ? JsonNode.Parse(schema, documentOptions: Lenient)
                : JsonNode.Parse(File.ReadAllBytes(Path.Combine(host?.ContentRootPath ?? Directory.GetCurrentDirectory(), schema)), documentOptions: Lenient);
            if (json is not null)
                return ReadSchema(json, isText ? path : $"{path}: {schema}", problems);
            problems.Add($"{path}: {schema} must be a JSON Schema, and is null.");
        }
        catch (JsonException exception)
        {
            problems.Add($"{path}{(isText ? "" : $": {schema}")} is not JSON: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add($"{path}: {schema} cannot be read: {exception.Message}");
        }

        return null;
    }

    private IMessageSchema? ReadSchema(JsonNode schema, string path, ICollection<string> problems)
    {
        try
        {
            return schemas!.Read(schema);
        }
        catch (InvalidSchemaException exception)
        {
            foreach (var problem in exception.Problems)
                problems.Add($"{path} {problem}");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            problems.Add($"{path} cannot be read: {exception.Message}");
        }

        return null;
    }

    private IMessageSchema? ReadSample(TopicOptions topic, string path, ICollection<string> problems)
    {
        try
        {
            if ((topic.SampleJson ?? SampleSection.ReadText(topic.Sample?.Value)) is { } json)
                return samples.Read(json);
            if (topic.Sample?.Value is not null || topic.Sample?.GetChildren().Any() == true)
                return samples.Read(topic.Sample);

            problems.Add($"{path}:Validate: '{topic.Validate}' has nothing to check messages against: give the topic a Schema or a Sample, or set it to Off.");
        }
        catch (ArgumentException exception)
        {
            problems.Add($"{path}:Sample cannot be read: {exception.Message}");
        }

        return null;
    }
}
