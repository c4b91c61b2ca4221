namespace Ductape.MassTransit;

/// <summary>Where an event goes: what a product's event resolves to in an environment.</summary>
public sealed record RouteDescription
{
    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The environment.</summary>
    public required string Env { get; init; }

    /// <summary>The product.</summary>
    public required string ProductTag { get; init; }

    /// <summary>The broker type, a constant of <see cref="BrokerTypes"/>.</summary>
    public required string BrokerType { get; init; }

    /// <summary>The connection in words, without secrets.</summary>
    public required string Connection { get; init; }

    /// <summary>The name of the exchange, SNS topic or Service Bus topic.</summary>
    public required string Entity { get; init; }

    /// <summary>The name of the product's queue.</summary>
    public required string Queue { get; init; }

    /// <summary>What travels.</summary>
    public required MessageFormat Format { get; init; }

    /// <summary>The largest payload in bytes, or null for no limit.</summary>
    public required int? MaxMessageSize { get; init; }

    /// <summary>The type that MassTransit routes the event by, for its topology and test harness APIs.</summary>
    public required Type MessageType { get; init; }
}
