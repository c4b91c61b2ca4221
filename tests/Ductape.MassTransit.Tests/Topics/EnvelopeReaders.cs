using System.Globalization;
using System.Net.Mime;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Tests.Topics;

/// <summary>
/// Lets a subscription and a plain MassTransit endpoint of the same bus read the same bytes, one message after the
/// other.
/// </summary>
internal sealed partial class EnvelopeReaders : IAsyncDisposable, IReceiveObserver
{
    private readonly IHost _host;
    private TaskCompletionSource<string> _outcome = new();
    private string? _reading;
    private string? _refusal;
    private ISendEndpoint _ours = null!;
    private ISendEndpoint _plain = null!;

    private EnvelopeReaders()
    {
        var json = OrdersConfiguration.With(
            (OrdersConfiguration.Dev, """{ "Type": "HOST" }"""), ($"{OrdersConfiguration.Topic}:Retry", """{ "Count": 0 }"""));
        _host = TestHost.Build(json, x => x.Services.AddMassTransit(bus => bus.UsingInMemory()));
    }

    /// <summary>Whether the last message of the subscription was read by MassTransit's own deserializer.</summary>
    public bool LeftToMassTransit { get; private set; }

    public static async Task<EnvelopeReaders> StartAsync()
    {
        var readers = new EnvelopeReaders();
        await readers._host.StartAsync();
        var bus = readers._host.Services.GetRequiredService<IBus>();
        bus.ConnectReceiveObserver(readers);
        var subscription = await readers._host.Services.Broker().SubscribeAsync(OrdersConfiguration.Event, message =>
        {
            readers.LeftToMassTransit = message.ConsumeContext.SerializerContext is SystemTextJsonSerializerContext;
            return readers.KeepAsync(message.ConsumeContext, Encoding.UTF8.GetString(message.Body.Span));
        });
        await bus.ConnectReceiveEndpoint("plain", x =>
        {
            x.PublishFaults = false;
            x.Handler<PlainOrder>(context => readers.KeepAsync(context, context.Message.Json));
        }).Ready;
        readers._ours = await bus.GetSendEndpoint(new Uri($"queue:{subscription.Queue}"));
        readers._plain = await bus.GetSendEndpoint(new Uri("queue:plain"));
        return readers;
    }

    /// <summary>
    /// What both made of an envelope: everything they read, or how they refused it. Ids and addresses that are none are
    /// told as none: MassTransit throws at whoever asks, itself included, after the message was handled.
    /// </summary>
    public async Task<(string Ours, string Plain)> ReadAsync(byte[] envelope)
    {
        await ReadAsync(_ours, envelope);
        var ours = _refusal ?? _reading ?? await _outcome.Task;
        await ReadAsync(_plain, envelope);
        return (ours, NoIdOrAddress().Replace(_reading ?? _refusal ?? await _outcome.Task, "$1: "));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context)
    {
        _outcome.TrySetResult(context.IsDelivered ? "delivered" : "skipped");
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Refuse(exception);

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Refuse(exception);

    private async Task ReadAsync(ISendEndpoint endpoint, byte[] envelope)
    {
        _outcome = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        (_reading, _refusal) = (null, null);
        await endpoint.Send(new Raw(), context => context.Serializer = new RawBytes(envelope));
        await _outcome.Task.WaitAsync(PublishAndReceive.Deadline);
    }

    [GeneratedRegex("^(\\w+): (FormatException: The Id was not a Guid|UriFormatException: ).*$", RegexOptions.Multiline)]
    private static partial Regex NoIdOrAddress();

    private Task Refuse(Exception exception)
    {
        _refusal = $"{exception.GetType().Name}: {exception.Message}";
        return Task.CompletedTask;
    }

    private Task KeepAsync(ConsumeContext context, string payload)
    {
        var text = new StringBuilder();
        Add("messageId", () => context.MessageId);
        Add("requestId", () => context.RequestId);
        Add("correlationId", () => context.CorrelationId);
        Add("conversationId", () => context.ConversationId);
        Add("initiatorId", () => context.InitiatorId);
        Add("source", () => context.SourceAddress);
        Add("destination", () => context.DestinationAddress);
        Add("response", () => context.ResponseAddress);
        Add("fault", () => context.FaultAddress);
        Add("expiration", () => context.ExpirationTime?.ToString("O", CultureInfo.InvariantCulture));
        Add("sent", () => context.SentTime?.ToString("O", CultureInfo.InvariantCulture));
        Add("types", () => string.Join(",", context.SupportedMessageTypes));
        Add("host", () => JsonSerializer.Serialize(context.Host));
        Add("headers", () => JsonSerializer.Serialize(context.Headers.GetAll().ToDictionary(x => x.Key, x => $"{x.Value?.GetType().Name} {JsonSerializer.Serialize(x.Value)}")));
        Add("tenant", () => context.Headers.Get<string>("tenant"));
        Add("attempt", () => context.Headers.Get<int>("attempt"));
        Add("payload", () => payload);
        _reading = text.ToString();
        return Task.CompletedTask;

        void Add(string name, Func<object?> read)
        {
            object? value;
            try
            {
                value = read();
            }
            catch (Exception exception)
            {
                value = $"{exception.GetType().Name}: {exception.Message}";
            }

            text.Append(name).Append(": ").Append(value).Append('\n');
        }
    }

    [MessageUrn("ductape:sqsbroker:new-orders")]
    [JsonConverter(typeof(PlainOrderConverter))]
    public sealed record PlainOrder(string Json);

    public sealed record Raw;

    private sealed class PlainOrderConverter : JsonConverter<PlainOrder>
    {
        public override PlainOrder Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new PlainOrder(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(document.RootElement)));
        }

        public override void Write(Utf8JsonWriter writer, PlainOrder value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json);
    }

    private sealed class RawBytes(byte[] bytes) : IMessageSerializer
    {
        public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class => new BytesMessageBody(bytes);
    }
}
