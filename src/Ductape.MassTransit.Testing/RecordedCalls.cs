using System.Text.Json;
using Ductape.MassTransit.Publishing;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;
using Ductape.MassTransit.Topics;

namespace Ductape.MassTransit.Testing;

/// <summary>
/// Reads the calls of a <see cref="RecordingMessageBroker"/>, and refuses what the broker itself refuses of any route.
/// </summary>
/// <param name="product">The product of calls that name none.</param>
/// <param name="env">The environment of calls that name none.</param>
/// <param name="options">How payloads are written and read.</param>
internal sealed class RecordedCalls(string product, string env, JsonSerializerOptions options)
{
    /// <exception cref="DuctapeException">The input is not acceptable.</exception>
    public RecordedMessage Read(MessageBrokerPublishInput data) => Read(data.Event, data.Env, data.ProductTag, (name, itsEnv, itsProduct) =>
    {
        ThrowIf(PublishedPayload.Problem(data.Input, MessageFormat.Envelope));
        var input = data.Input!;
        var content = new MessageContent
        {
            Event = name.ToString(),
            Env = itsEnv,
            Body = MessageContent.ToBody(input.Message, input.DeclaredType, options),
            Headers = MessageContent.Checked(input.Headers),
            PartitionKey = MessageContent.Checked(input.PartitionKey),
            MessageId = MessageIds.OfGiven(input.MessageId).ToString(),
            ProcessId = NewId.NextGuid(),
            SentAt = TimeProvider.System.GetUtcNow(),
            SerializerOptions = options,
        };
        return new RecordedMessage(content, data, itsProduct);
    });

    /// <param name="data">The call.</param>
    /// <param name="stop">Called with the subscription when it stops.</param>
    /// <exception cref="DuctapeException">The input is not acceptable.</exception>
    public RecordedSubscription Read(MessageBrokerSubscribeInput data, Action<RecordedSubscription> stop) =>
        Read(data.Event, data.Env, data.ProductTag, (name, itsEnv, itsProduct) =>
        {
            ThrowIf(SubscribeCheck.Problem(data.Input));
            return new RecordedSubscription(name, itsEnv, itsProduct, data.Input!, stop);
        });

    // Errors say for which call they are.
    private T Read<T>(string? @event, string? givenEnv, string? givenProduct, Func<EventName, string, string, T> read)
    {
        var (itsEnv, itsProduct) = (Given(givenEnv, env), Given(givenProduct, product));
        try
        {
            return read(EventName.Parse(CallDefaults.Event(@event)), itsEnv, itsProduct);
        }
        catch (DuctapeException exception)
        {
            throw exception.During(@event, itsEnv, itsProduct);
        }
    }

    private static void ThrowIf(string? problem)
    {
        if (problem is not null)
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput, problem);
    }

    private static string Given(string? value, string fallback) => string.IsNullOrWhiteSpace(value) ? fallback : value;
}
