namespace Ductape.MassTransit;

/// <summary>
/// What differs for a topic in one environment. Each wins over the same option of <see cref="TopicOptions"/>.
/// </summary>
public sealed class TopicEnvOptions
{
    /// <inheritdoc cref="TopicOptions.Entity"/>
    public string? Entity { get; set; }

    /// <inheritdoc cref="TopicOptions.Queue"/>
    public string? Queue { get; set; }

    /// <inheritdoc cref="TopicOptions.RoutingKey"/>
    public string? RoutingKey { get; set; }

    /// <inheritdoc cref="TopicOptions.ExchangeType"/>
    public string? ExchangeType { get; set; }

    /// <summary>
    /// Ductape's <c>queueUrls</c> entry of this environment: the URL of an existing SQS queue. Default: none.
    /// </summary>
    public string? QueueUrl { get; set; }
}
