using System.Globalization;
using System.Text.Json;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>A message that failed for good, and why. Not for use by several threads at once.</summary>
/// <remarks>
/// Whatever a peer has written, looking at it throws nothing but what is documented here: what cannot be decoded is
/// null, or shown as it is written.
/// </remarks>
public sealed class DeadLetter
{
    private readonly DeadLetterMessage _message;
    private DeadLetterContent? _content;
    private JsonDocument? _json;

    internal DeadLetter(DeadLetterMessage message) => _message = message;

    /// <summary>
    /// The id of the message, as <see cref="ReceivedMessage.MessageId"/>; null when a peer gave none.
    /// </summary>
    public string? MessageId => MessageIds.First(
        Content.MessageId, Content.Headers.GetValueOrDefault(MessageHeaders.MessageId) as string, _message.MessageId);

    /// <summary>The id of the publish, <see cref="PublishResult.ProcessId"/>; null when a peer sent none.</summary>
    public Guid? ProcessId => Guid.TryParse(_message.CorrelationId, out var id) ? id : Content.CorrelationId;

    /// <summary>The content type as the message travelled; null when a peer sent none.</summary>
    public string? ContentType => _message.ContentType;

    /// <summary>The payload alone, byte for byte; of a message that cannot be read, the whole body.</summary>
    public ReadOnlyMemory<byte> Body => Content.Payload;

    /// <summary>The payload as JSON; of a bare one, also with a byte order mark or in another charset.</summary>
    /// <exception cref="JsonException">The body is not JSON, or has more than 64 levels.</exception>
    public JsonElement Json => (_json ??= JsonDocument.Parse(DeadLetterContent.Utf8Of(Body, _message.ContentType))).RootElement;

    /// <summary>
    /// The headers that the publisher set. Half of a surrogate pair is shown as it is escaped, as <c>\ud800</c>, bytes
    /// that are not UTF-8 as U+FFFD, and a time beyond what .NET has (the years 1 to 9999) as its number of seconds
    /// since 1970. A replay carries them unchanged.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Headers => Content.Headers;

    /// <summary>
    /// The type of the innermost exception, as <c>System.TimeoutException</c>; null where the broker gave up on the
    /// message, or a peer did.
    /// </summary>
    public string? ExceptionType => FailureHeaders.Text(_message, MessageHeaders.FaultExceptionType);

    /// <summary>The innermost exception's message.</summary>
    public string? ExceptionMessage => FailureHeaders.Text(_message, MessageHeaders.FaultMessage);

    /// <summary>The exception's stack trace.</summary>
    public string? StackTrace => FailureHeaders.Text(_message, MessageHeaders.FaultStackTrace);

    /// <summary>
    /// <c>fault</c> where a callback threw or the message could not be read; else the broker's word, as
    /// <c>delivery_limit</c>.
    /// </summary>
    public string? Reason => FailureHeaders.Text(_message, MessageHeaders.Reason) ?? FailureHeaders.Text(_message, "x-first-death-reason");

    /// <summary>When it failed (UTC); null where that is not known.</summary>
    public DateTimeOffset? FailedAt => _message.Headers.GetValueOrDefault(MessageHeaders.FaultTimestamp) switch
    {
        DateTimeOffset at => at,
        DateTime at => new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)),
        string text when DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) => at,
        _ => null,
    };

    /// <summary>
    /// How often it was tried since it was published or replayed, redeliveries included; 0 where no callback is known
    /// to have got it.
    /// </summary>
    public int Attempts => ExceptionType is null
        ? 0
        : FailureHeaders.Sum(
            FailureHeaders.Number(_message, DeliveryHeaders.Attempts), FailureHeaders.Number(_message, MessageHeaders.FaultRetryCount), 1);

    /// <summary>How often it came back after a delay of the topic's <see cref="TopicOptions.Redelivery"/>.</summary>
    public int Redeliveries => FailureHeaders.Number(_message, DeliveryHeaders.Redeliveries);

    /// <summary>How often it was replayed before.</summary>
    public int Replays => FailureHeaders.Number(_message, DeliveryHeaders.Replays);

    /// <summary>The machine where it failed.</summary>
    public string? Host => FailureHeaders.Text(_message, MessageHeaders.Host.MachineName);

    /// <summary>
    /// The consumer that failed, a type name of MassTransit's; null where the message could not be read.
    /// </summary>
    public string? Consumer => FailureHeaders.Text(_message, MessageHeaders.FaultConsumerType);

    /// <summary>The address of the queue where it failed.</summary>
    public string? InputAddress => FailureHeaders.Text(_message, MessageHeaders.FaultInputAddress);

    /// <summary>
    /// The names of what was cut because the message would not have fitted into what its broker takes: the stack trace
    /// and the exception's message first, then more of the failure, then the publisher's largest headers. <c>…</c> at
    /// the end where there are more. <value>Default: empty.</value>
    /// </summary>
    public IReadOnlyList<string> Cut => CutNames.Of(_message);

    private DeadLetterContent Content => _content ??= DeadLetterContent.Of(_message);
}
