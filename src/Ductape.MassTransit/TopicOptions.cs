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
    /// An example of a payload, as an object or as JSON text. A configuration keeps no JSON types: in an object the
    /// numbers come out as strings; JSON text keeps them.
    /// </summary>
    public IConfigurationSection? Sample { get; set; }

    /// <summary>The same as <see cref="Sample"/> for configuration in code. Wins over it.</summary>
    [NotFromConfiguration]
    public JsonNode? SampleJson { get; set; }

    /// <summary>
    /// The JSON Schema of the payload, as JSON text or as the path of a <c>.json</c> file; a relative path is taken
    /// from the content root, without a host from the current directory. Needs the package
    /// <c>Ductape.MassTransit.JsonSchema</c> and <c>.AddJsonSchema()</c>. Drafts 4 to 2020-12; one that cannot be
    /// checked in full, and a reference to another document, are problems at start-up. Default: none.
    /// </summary>
    [JsonText]
    public string? Schema { get; set; }

    /// <summary>The same as <see cref="Schema"/> for configuration in code. Wins over it.</summary>
    [NotFromConfiguration]
    public JsonNode? SchemaJson { get; set; }

    /// <summary>
    /// Whether a publish checks the message against the <see cref="Schema"/>, or where there is none against the
    /// <see cref="Sample"/>: an object must have every property of the sample's, and may have more; a value must have
    /// the JSON type of the sample's; an element of a list must be like one of the sample's elements. Where the sample
    /// has null or an empty list, or a configuration lost the type (a number, a boolean or their text in a sample that
    /// is an object there), any value will do.
    /// <value>Default: <see cref="MessageValidation.Off"/>.</value>
    /// </summary>
    public MessageValidation Validate { get; set; }

    /// <summary>What happens when a callback throws. Default: 3 retries from 200 ms to 5 s.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>
    /// When a message is delivered again after the last of its retries: after the first of these delays, and if it
    /// fails again after the second, and so on, each time with all its retries; then it goes to <c>_error</c>. The
    /// message waits in the broker, so the delays may be long and outlive the process. One second to 30 days each, at
    /// most 20. Default: none.
    /// </summary>
    public List<TimeSpan> Redelivery { get; set; } = [];

    /// <summary>
    /// Products that receive this event. Their durable queues are declared before the first publish, so that nothing is
    /// lost while a subscriber is not yet deployed. Default: none.
    /// </summary>
    public List<string> Subscribers { get; set; } = [];

    /// <summary>How many messages of a queue the broker may push ahead. Default: the transport's setting.</summary>
    public int? Prefetch { get; set; }

    /// <summary>How many callbacks of a subscription run at once. Default: the transport's setting.</summary>
    public int? Concurrency { get; set; }

    /// <summary>
    /// When too many messages of a subscription fail, nothing more is taken from its queue for a while. <value>Default:
    /// none.</value>
    /// </summary>
    public KillSwitchOptions? KillSwitch { get; set; }

    /// <summary>
    /// Where in a message its partition key is, for publishes that give none: names with dots between, as
    /// <c>customer.id</c>. Strings and numbers are keys; a message without one there has no key. <value>Default:
    /// none.</value>
    /// </summary>
    public string? PartitionKey { get; set; }

    /// <summary>
    /// Whether messages with the same partition key are handled one after the other, in the order in which the broker
    /// delivers them: the next one begins when the one before has succeeded or went to <c>_error</c>, with its retries.
    /// Messages with different keys, and without one, run concurrently. <value>Default: true where
    /// <see cref="PartitionKey"/> is set, else false.</value>
    /// </summary>
    /// <remarks>
    /// The order holds within one instance; on RabbitMQ across instances too, with <c>SingleActiveConsumer</c>.
    /// Messages that wait for their turn count against <see cref="Prefetch"/>, not against <see cref="Concurrency"/>.
    /// On <c>HOST</c> brokers such a topic has one callback at a time.
    /// </remarks>
    public bool? Ordered { get; set; }

    /// <summary>
    /// For how long a queue remembers the ids of the messages that a callback has handled, at most 365 days: a
    /// redelivered copy within that time is acknowledged without a call. Shared by the product's instances where the
    /// application registers an <c>IDistributedCache</c>. Messages without an id are never held back. Default: none,
    /// every copy is handled.
    /// </summary>
    /// <remarks>
    /// A copy that comes while the callback handles the first one in this process waits for it, and is handled where
    /// that fails. While it waits it counts against <see cref="Concurrency"/>. Copies that two instances get in the
    /// same moment can both be handled: a distributed cache has no lock.
    /// </remarks>
    public TimeSpan? Deduplicate { get; set; }

    /// <summary>
    /// An existing exchange, SNS topic or Service Bus topic to use. Default: <c>{broker}-{topic}-{env}</c>.
    /// </summary>
    public string? Entity { get; set; }

    /// <summary>
    /// An existing queue to use for this product; not for a topic that several products share. Default:
    /// <c>{product}-{broker}-{topic}-{env}</c>.
    /// </summary>
    public string? Queue { get; set; }

    /// <summary>
    /// The routing key of published messages and of the queue's binding, where the transport has one. Default: none.
    /// </summary>
    public string? RoutingKey { get; set; }

    /// <summary>
    /// The type of the exchange, where the transport has one: <c>fanout</c>, <c>direct</c>, <c>topic</c>. Default:
    /// <c>fanout</c>.
    /// </summary>
    public string? ExchangeType { get; set; }

    /// <summary>
    /// Whether exchange and queues are made, or exist and are used as they are. RabbitMQ only; elsewhere it has no
    /// effect.
    /// <value>Default: that of the broker's environment, which is <see cref="DeclareMode.Create"/>.</value>
    /// </summary>
    public DeclareMode? Declare { get; set; }

    /// <summary>
    /// Further arguments of the topic's durable queues, as <c>"x-max-priority": 10</c>: whole numbers, <c>true</c> and
    /// <c>false</c>, and texts. RabbitMQ only; elsewhere they have no effect, and none on queues that are not made
    /// (<see cref="DeclareMode.Passive"/>), on ephemeral queues and on <c>_error</c>. What the library sets itself,
    /// such as the type of the queue, has settings of its own. <value>Default: none.</value>
    /// </summary>
    public Dictionary<string, string> Arguments { get; set; } = [];

    /// <summary>
    /// What a publish does when no queue is bound to the topic. With <c>fail</c> it is
    /// <see cref="DuctapeErrorCodes.PublishFailed"/>: RabbitMQ returns the message, in memory it is looked up, and
    /// Amazon SNS and Azure Service Bus (with the right to manage) are asked whether the topic has a subscription,
    /// which is believed for 30 seconds. On the application's own bus (<c>HOST</c>) it works where that is RabbitMQ,
    /// and has no effect on other transports and on the test harness.
    /// <value>Default: ignore, the broker drops the message.</value>
    /// </summary>
    public OnUnroutable OnUnroutable { get; set; }

    /// <summary>
    /// The session types of which a publish needs one: without a valid session of these it is
    /// <see cref="DuctapeErrorCodes.SessionInvalid"/>. Default: none, a publish needs no session.
    /// </summary>
    public List<string> RequireSession { get; set; } = [];

    /// <summary>
    /// Whether a receiver verifies the session of a message again before the callback. Where the session type has a
    /// <see cref="SessionTypeOptions.SigningKey"/>, by a proof that the publisher signed with it over message, event,
    /// environment, session, token and the time of the call: the session had to be valid at that time. Where the type
    /// has public keys, by the token that it forwards (<see cref="SessionForward.Token"/>): nothing binds it to the
    /// message, so whoever can read one can send it with another message until it expires by this receiver's clock.
    /// What fails goes to <c>_error</c> with the reason, without retries; revocations are not looked at.
    /// <value>Default: false.</value>
    /// </summary>
    public bool VerifyOnReceive { get; set; }

    /// <summary>
    /// Whether <see cref="VerifyOnReceive"/> also refuses a session that has expired since the message was sent.
    /// Without a proof, as with public keys, it always does.
    /// <value>Default: false.</value>
    /// </summary>
    public bool VerifyExpiryOnReceive { get; set; }

    /// <summary>
    /// Whether <c>$Session{tag}{path}</c> in the strings of a message is replaced, before it is sent, by that claim of
    /// the publish's session: dots in the path descend, a string that is nothing else becomes the claim with its JSON
    /// type, and in a longer string strings, numbers and booleans are inserted as text. Names of properties are left
    /// alone. What cannot be replaced is <see cref="DuctapeErrorCodes.SessionInvalid"/>, and nothing is sent. Every
    /// string counts, also what somebody typed.
    /// <value>Default: false.</value>
    /// </summary>
    public bool ResolveReferences { get; set; }

    /// <summary>What differs in an environment, by its tag.</summary>
    public Dictionary<string, TopicEnvOptions> Envs { get; set; } = [];
}
