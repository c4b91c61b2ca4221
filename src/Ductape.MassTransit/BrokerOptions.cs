namespace Ductape.MassTransit;

/// <summary>A broker: a named connection configuration, one transport per environment, and its topics.</summary>
public sealed class BrokerOptions
{
    /// <summary>A name for people. Default: none.</summary>
    public string? Name { get; set; }

    /// <summary>What the broker is for. Default: none.</summary>
    public string? Description { get; set; }

    /// <summary>The transport and its settings, by environment. At least one.</summary>
    public Dictionary<string, BrokerEnvOptions> Envs { get; set; } = [];

    /// <summary>The topics, by tag. The tag is the part after the colon of an event.</summary>
    public Dictionary<string, TopicOptions> Topics { get; set; } = [];
}
