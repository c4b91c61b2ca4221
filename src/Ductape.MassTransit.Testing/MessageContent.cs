using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Topics;
using MassTransit.Serialization;

namespace Ductape.MassTransit.Testing;

/// <summary>What a message consists of, and how it becomes one that a callback receives.</summary>
internal sealed record MessageContent
{
    public required string Event { get; init; }

    public required string Env { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required IReadOnlyDictionary<string, object?> Headers { get; init; }

    public required string MessageId { get; init; }

    public required Guid ProcessId { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    public required JsonSerializerOptions SerializerOptions { get; init; }

    public string? PartitionKey { get; init; }

    /// <summary>The payload as UTF-8 JSON, as a publish writes it.</summary>
    public static ReadOnlyMemory<byte> ToBody(object? payload, Type? declared, JsonSerializerOptions options)
    {
        ReadOnlyMemory<byte> body;
        try
        {
            // A copy: the caller may use its buffer again.
            body = payload is null ? "null"u8.ToArray() : PayloadJson.ToUtf8(payload, declared, options).ToArray();
        }
        // A property or a converter of the caller's own may throw anything.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput, $"'input.message' cannot be written as JSON: {exception.Message}", exception);
        }

        return PayloadJson.IsNull(body.Span)
            ? throw new DuctapeException(DuctapeErrorCodes.InvalidInput, "'input.message' is required and is missing or null: give the payload.")
            : body;
    }

    /// <summary>The id that a publish gave, or a new one.</summary>
    public static string IdOf(string? given) => MessageIds.ProblemOfGiven(given) is { } problem
        ? throw new DuctapeException(DuctapeErrorCodes.InvalidInput, problem)
        : MessageIds.OfGiven(given).ToString();

    /// <summary>The headers in the forms that travel.</summary>
    public static IReadOnlyDictionary<string, object?> Checked(IReadOnlyDictionary<string, object?>? headers)
    {
        var all = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers ?? new Dictionary<string, object?>())
        {
            if (string.IsNullOrWhiteSpace(name))
                throw new DuctapeException(DuctapeErrorCodes.InvalidInput, "'input.headers' has a header with a blank name.");
            if (HeaderValues.ReservedPrefix(name) is { } prefix)
            {
                throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                    $"'input.headers.{name}' is reserved: names that begin with '{prefix}' are set by the library. Use another name.");
            }

            if (value is null)
                continue;

            all[name] = HeaderValues.Normalize(value) ?? throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                $"'input.headers.{name}' is a {value.GetType().Name}; a header is a string, number, boolean, date, GUID or URI.");
        }

        return all;
    }

    public ReceivedMessage ToMessage(
        string product, TestSession? session, int attempt, int redeliveries, int replays, CancellationToken cancellationToken)
    {
        var claims = session?.Claims is { } data ? ToBody(data, null, SerializerOptions) : (ReadOnlyMemory<byte>?)null;
        var token = claims is null ? null : $"e30.{Base64Url.EncodeToString(claims.Value.Span)}.test";
        var own = new Dictionary<string, object?>
        {
            [PartitionKeys.Header] = PartitionKey,
            [DeliveryHeaders.Attempts] = attempt - 1,
            [DeliveryHeaders.Redeliveries] = redeliveries,
            [DeliveryHeaders.Replays] = replays,
            [SessionHeaderNames.Tag] = session?.Tag,
            [SessionHeaderNames.Id] = session?.Id,
            [SessionHeaderNames.User] = session?.User,
            [SessionHeaderNames.Expires] = session?.ExpiresAt?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            [SessionHeaderNames.Token] = token,
        };
        var received = new TestReceiveContext(new BytesMessageBody(Envelope(own)), cancellationToken);
        var context = new LenientConsumeContext(received,
            SystemTextJsonMessageSerializer.Instance.Deserialize(received.Body, received.TransportHeaders, received.InputAddress));
        var message = new ReceivedMessage(new TestReceiver(Event, Env, product, SerializerOptions), context, Body);
        if (session is { IsVerified: true })
        {
            message.VerifiedSession = claims is null
                ? ReceivedSession.Of(message.AllHeaders, isVerified: true)
                : new ReceivedSession(session.Tag, session.Id, session.User, session.ExpiresAt ?? SentAt.AddHours(1), token!, JsonElement.Parse(claims.Value.Span));
        }

        return message;
    }

    private byte[] Envelope(Dictionary<string, object?> own)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes);
        writer.WriteStartObject();
        writer.WriteString("messageId", MessageId);
        writer.WriteString("correlationId", ProcessId);
        writer.WriteStartArray("messageType");
        writer.WriteStringValue($"urn:message:ductape:{Event}");
        writer.WriteEndArray();
        writer.WritePropertyName("message");
        writer.WriteRawValue(Body.Span);
        writer.WriteString("sentTime", SentAt.UtcDateTime);
        writer.WritePropertyName("headers");
        JsonSerializer.Serialize(writer, own.Concat(Headers).Where(x => x.Value is not null).ToDictionary());
        writer.WriteEndObject();
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
