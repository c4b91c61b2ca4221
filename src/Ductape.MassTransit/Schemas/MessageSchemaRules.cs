using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit;

/// <summary>The schema of a topic. What comes out is kept with the options, so that it is read once.</summary>
internal static class MessageSchemaRules
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    public static void Check(TopicOptions topic, string path, string? contentRoot, ICollection<string> problems)
    {
        if (!Enum.IsDefined(topic.Validate))
            problems.Add($"{path}:Validate: {(int)topic.Validate} is not known; one of {string.Join(", ", Enum.GetNames<MessageValidation>())}.");

        topic.CheckedSchema = topic.SchemaJson is not null ? SchemaReader.Read(topic.SchemaJson, "schema", $"{path}:SchemaJson", problems)
            : topic.Schema is not null ? ReadSchema(topic.Schema, $"{path}:Schema", contentRoot, problems)
            : topic.Validate == MessageValidation.Off ? null
            : ReadSample(topic, path, problems);
    }

    private static MessageSchema? ReadSchema(string schema, string path, string? contentRoot, ICollection<string> problems)
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
                : JsonNode.Parse(File.ReadAllBytes(Path.Combine(contentRoot ?? Directory.GetCurrentDirectory(), schema)), documentOptions: Lenient);
            if (json is not null)
                return SchemaReader.Read(json, "schema", isText ? path : $"{path}: {schema}", problems);
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

    private static MessageSchema? ReadSample(TopicOptions topic, string path, ICollection<string> problems)
    {
        if ((topic.SampleJson ?? SampleSection.ReadText(topic.Sample?.Value)) is { } json)
        {
            try
            {
                return SchemaReader.Read(SampleSchema.Of(json), "sample", $"{path}:Sample", problems);
            }
            catch (ArgumentException exception)
            {
                problems.Add($"{path}:Sample cannot be read: {exception.Message}");
                return null;
            }
        }

        if (topic.Sample is { } sample && sample.Exists())
            return SchemaReader.Read(SampleSchema.Of(sample), "sample", $"{path}:Sample", problems);

        problems.Add($"{path}:Validate: '{topic.Validate}' has nothing to check messages against: give the topic a Schema or a Sample, or set it to Off.");
        return null;
    }
}
