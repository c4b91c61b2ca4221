using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Publishing;
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
            ? throw new DuctapeException(DuctapeErrorCodes.InvalidInput, PublishedPayload.MissingMessage)
            : body;
    }

    /// <summary>The headers in the forms in which receivers get them.</summary>
    public static IReadOnlyDictionary<string, object?> Checked(IReadOnlyDictionary<string, object?>? headers)
    {
        var all = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        if (headers is null)
            return all;
        if (PublishedHeaders.Problem(headers, MessageFormat.Envelope) is { } problem)
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput, problem);

        foreach (var (name, value) in headers)
        {
            // They travel as JSON, which tells whole numbers from others and nothing else.
            if (value is not null)
                all[name] = HeaderValues.Normalize(JsonSerializer.SerializeToElement(HeaderValues.Normalize(value)));
        }

        return all;
    }

    /// <summary>A partition key that a publish can have; null for none and a blank one.</summary>
    public static string? Checked(string? partitionKey)
    {
        if (string.IsNullOrWhiteSpace(partitionKey))
            return null;

        return PublishedPartitionKey.Problem(partitionKey) is { } problem ? throw new DuctapeException(DuctapeErrorCodes.InvalidInput, problem) : partitionKey;
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
