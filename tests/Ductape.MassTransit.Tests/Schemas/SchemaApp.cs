using System.Text;
using System.Text.Json;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Schemas;

/// <summary>A topic that checks its messages.</summary>
public static class SchemaApp
{
    /// <summary>The configuration with a schema as JSON text.</summary>
    public static string WithSchema(string schema, string validate = "enforce") =>
        With(($"{Topic}:Schema", JsonSerializer.Serialize(schema)), ($"{Topic}:Validate", $"\"{validate}\""));

    /// <summary>The configuration with a sample, as JSON.</summary>
    public static string WithSample(string sample) => With(($"{Topic}:Sample", sample), ($"{Topic}:Validate", "\"enforce\""));

    /// <summary>An application that reads schemas.</summary>
    public static ServiceProvider Build(string json, Action<IDuctapeMessageBrokerBuilder>? more = null) => TestProvider.Build(json, x =>
    {
        x.AddJsonSchema();
        more?.Invoke(x);
    });

    /// <summary>What the validation at start-up says of a configuration, where schemas are read.</summary>
    public static IReadOnlyList<string> Problems(string json) => StartUp.Problems(json, x => x.AddJsonSchema());

    /// <summary>What is said of a message; null where it is sent. A message that is refused does not arrive.</summary>
    public static async Task<string?> DifferencesAsync(string json, string message)
    {
        await using var services = Build(json);
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);
        DuctapeException? error = null;
        try
        {
            await services.Broker().PublishAsync(Event, Encoding.UTF8.GetBytes(message));
        }
        catch (DuctapeException exception)
        {
            error = exception;
            await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, Encoding.UTF8.GetBytes(message)));
        }

        if (error is null)
        {
            await inbox.HasAsync(1);
            Assert.Equal([message], inbox.Bodies);
            return null;
        }

        Assert.Empty(inbox.Bodies);
        Assert.Equal(DuctapeErrorCodes.InvalidInput, error.Code);
        Assert.Equal((Event, "dev", "my_product"), (error.Event, error.Env, error.ProductTag));
        const string End = ". Nothing was sent.";
        Assert.EndsWith(End, error.Message);
        return error.Message["INVALID_INPUT: 'input.message' does not fit the ".Length..^End.Length];
    }
}
