using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit;

/// <summary>A topic: a named event stream of a broker.</summary>
public sealed class TopicOptions
{
    /// <summary>A name for people. Default: none.</summary>
    public string? Name { get; set; }

    /// <summary>When the event is published. Default: none.</summary>
    public string? Description { get; set; }

    /// <summary>
    /// An example of a payload, as an object or as JSON text. A configuration keeps no JSON types: in an object the numbers come out as
    /// strings; JSON text keeps them.
    /// </summary>
    public IConfigurationSection? Sample { get; set; }

    /// <summary>The same as <see cref="Sample"/> for configuration in code. Wins over it.</summary>
    [NotFromConfiguration]
    public JsonNode? SampleJson { get; set; }

    /// <summary>What happens when a callback throws. Default: 3 retries from 200 ms to 5 s.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>
    /// Products that receive this event. Their durable queues are declared before the first publish, so that nothing is lost while a
    /// subscriber is not yet deployed. Default: none.
    /// </summary>
    public List<string> Subscribers { get; set; } = [];

    /// <summary>How many messages of a queue the broker may push ahead. Default: the transport's setting.</summary>
    public int? Prefetch { get; set; }

    /// <summary>How many callbacks of a subscription run at once. Default: the transport's setting.</summary>
    public int? Concurrency { get; set; }

    /// <summary>
    /// For how long a queue remembers the ids of the messages that a callback has handled, at most 365 days: a redelivered copy within
    /// that time is acknowledged without a call. Shared by the product's instances where the application registers an
    /// <c>IDistributedCache</c>. Messages without an id are never held back. Default: none, every copy is handled.
    /// </summary>
    public TimeSpan? Deduplicate { get; set; }

    /// <summary>An existing exchange, SNS topic or Service Bus topic to use. Default: <c>{broker}-{topic}-{env}</c>.</summary>
    public string? Entity { get; set; }

    /// <summary>An existing queue to use for this product. Default: <c>{product}-{broker}-{topic}-{env}</c>.</summary>
    public string? Queue { get; set; }

    /// <summary>The routing key of published messages and of the queue's binding, where the transport has one. Default: none.</summary>
    public string? RoutingKey { get; set; }

    /// <summary>The type of the exchange, where the transport has one: <c>fanout</c>, <c>direct</c>, <c>topic</c>. Default: <c>fanout</c>.</summary>
    public string? ExchangeType { get; set; }

    /// <summary>
    /// The session types of which a publish needs one: without a valid session of these it is
    /// <see cref="DuctapeErrorCodes.SessionInvalid"/>. Default: none, a publish needs no session.
    /// </summary>
    public List<string> RequireSession { get; set; } = [];

    /// <summary>
    /// Whether a receiver verifies the session of a message again before the callback: the token where the session type forwards it, else a
    /// proof that the publisher signed with the session type's <see cref="SessionTypeOptions.SigningKey"/> over the message. What fails goes to
    /// <c>_error</c> with the reason, without retries. The expiry is judged at the time of sending; revocations are not looked at.
    /// <value>Default: false.</value>
    /// </summary>
    public bool VerifyOnReceive { get; set; }

    /// <summary>
    /// Whether <see cref="VerifyOnReceive"/> also refuses a session that has expired since the message was sent.
    /// <value>Default: false.</value>
    /// </summary>
    public bool VerifyExpiryOnReceive { get; set; }

    /// <summary>What differs in an environment, by its tag.</summary>
    public Dictionary<string, TopicEnvOptions> Envs { get; set; } = [];
}
