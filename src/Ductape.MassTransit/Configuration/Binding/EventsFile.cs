using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>Ductape's declaration file as it is written. Source: Ductape's CLI documentation, "apply".</summary>
internal sealed class EventsFile
{
    public List<EventsFileBroker> Events { get; set; } = [];
}

internal sealed class EventsFileBroker
{
    public string? Tag { get; set; }

    public string? Name { get; set; }

    public string? Description { get; set; }

    public List<EventsFileEnv> Envs { get; set; } = [];

    public List<EventsFileTopic> Topics { get; set; } = [];
}

internal sealed class EventsFileEnv
{
    public string? Slug { get; set; }

    public string? Type { get; set; }

    public IConfigurationSection? Config { get; set; }
}

internal sealed class EventsFileTopic
{
    public string? Tag { get; set; }

    public string? Name { get; set; }

    public string? Description { get; set; }

    public IConfigurationSection? Sample { get; set; }

    public List<EventsFileQueueUrl> QueueUrls { get; set; } = [];
}

internal sealed class EventsFileQueueUrl
{
    [ConfigurationKeyName("env_slug")]
    public string? EnvSlug { get; set; }

    public string? Url { get; set; }
}
