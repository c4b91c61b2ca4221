namespace Ductape.MassTransit;

/// <summary>
/// The values of <see cref="DuctapeException.Code"/>. They are stable: code and dashboards may compare them.
/// </summary>
public static class DuctapeErrorCodes
{
    /// <summary>
    /// A field of the input is missing, blank or not acceptable, or the message does not fit its schema; the error
    /// names the JSON field or place.
    /// </summary>
    public const string InvalidInput = "INVALID_INPUT";

    /// <summary>The event is not of the form <c>brokerTag:topicTag</c>.</summary>
    public const string InvalidEvent = "INVALID_EVENT";

    /// <summary>No product of that tag is configured.</summary>
    public const string ProductNotFound = "PRODUCT_NOT_FOUND";

    /// <summary>The product has no broker of that tag.</summary>
    public const string BrokerNotFound = "BROKER_NOT_FOUND";

    /// <summary>The broker says nothing about that environment.</summary>
    public const string BrokerEnvNotFound = "BROKER_ENV_NOT_FOUND";

    /// <summary>The broker has no topic of that tag.</summary>
    public const string TopicNotFound = "TOPIC_NOT_FOUND";

    /// <summary>The broker type is not known, or known to Ductape but not to this library.</summary>
    public const string BrokerTypeNotSupported = "BROKER_TYPE_NOT_SUPPORTED";

    /// <summary>
    /// The broker type is supported, but its transport package was not added; the message names the call.
    /// </summary>
    public const string TransportNotRegistered = "TRANSPORT_NOT_REGISTERED";

    /// <summary>
    /// The session is unknown, its token does not verify, or a reference in the message has no claim. Nothing was
    /// published or subscribed.
    /// </summary>
    public const string SessionInvalid = "SESSION_INVALID";

    /// <summary>The product has no cache of that tag.</summary>
    public const string CacheNotFound = "CACHE_NOT_FOUND";

    /// <summary>
    /// The application's distributed cache did not answer: a cache was not cleared, or what is kept of sessions could
    /// not be looked up or kept. A publish without a session never fails for that.
    /// </summary>
    public const string CacheFailed = "CACHE_FAILED";

    /// <summary>A <c>$Secret{KEY}</c> of the configuration resolves to nothing.</summary>
    public const string SecretNotFound = "SECRET_NOT_FOUND";

    /// <summary>This process already has a subscription to that queue.</summary>
    public const string SubscriptionExists = "SUBSCRIPTION_EXISTS";

    /// <summary>This process has no subscription with that id, or it was stopped.</summary>
    public const string SubscriptionNotFound = "SUBSCRIPTION_NOT_FOUND";

    /// <summary>The payload, or its headers, are larger than the broker takes. Nothing was sent.</summary>
    public const string MessageTooLarge = "MESSAGE_TOO_LARGE";

    /// <summary>
    /// The broker did not take the message, or did not say so in time; the inner exception is the cause.
    /// </summary>
    public const string PublishFailed = "PUBLISH_FAILED";

    /// <summary>The broker refused the subscription; the inner exception is the cause.</summary>
    public const string SubscribeFailed = "SUBSCRIBE_FAILED";

    /// <summary>
    /// The broker did not answer while dead letters were counted, read, replayed or discarded; the inner exception is
    /// the cause. None is lost: call again.
    /// </summary>
    public const string DeadLettersFailed = "DEAD_LETTERS_FAILED";
}
