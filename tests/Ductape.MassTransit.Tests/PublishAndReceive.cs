using System.Text;
using System.Text.Json;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests;

/// <summary>One message through the in-memory transport.</summary>
public static class PublishAndReceive
{
    public static readonly TimeSpan Deadline = Eventually.Deadline;

    public static ServiceProvider Provider(JsonSerializerOptions? options = null, string json = TestServices.OrdersJson) =>
        TestProvider.Build(json, x =>
        {
            if (options is not null)
                x.Services.Configure<DuctapeOptions>(o => o.SerializerOptions = options);
        });

    public static Task<string> BodyAsync(object message, JsonSerializerOptions? options = null) =>
        ReadAsync(message, x => Encoding.UTF8.GetString(x.Body.Span), options);

    public static async Task<T> ReadAsync<T>(
        object message,
        Func<ReceivedMessage, T> read,
        JsonSerializerOptions? options = null,
        IReadOnlyDictionary<string, object?>? headers = null,
        string json = TestServices.OrdersJson)
    {
        await using var services = Provider(options, json);
        var received = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = await services.Broker().SubscribeAsync(OrdersConfiguration.Event, x =>
        {
            try
            {
                received.TrySetResult(read(x));
            }
            catch (Exception exception)
            {
                received.TrySetException(exception);
            }

            return Task.CompletedTask;
        });
        await services.Broker().PublishAsync(OrdersConfiguration.Event, message, headers: headers);
        return await received.Task.WaitAsync(Deadline);
    }
}
