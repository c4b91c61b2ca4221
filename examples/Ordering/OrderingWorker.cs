using System.Text.Encodings.Web;
using System.Text.Json;
using Ductape.MassTransit;

namespace Ordering;

/// <summary>Subscribes, publishes what the file says, and stops the host when everything has arrived.</summary>
internal sealed class OrderingWorker(IMessageBroker broker, Arguments arguments, IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var input in await ReadAsync(stoppingToken))
                await PublishAndReceiveAsync(input, stoppingToken);
        }
        catch (Exception exception) when (exception is DuctapeException or JsonException or TimeoutException)
        {
            Console.Error.WriteLine(exception.Message);
            Environment.ExitCode = 1;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task PublishAndReceiveAsync(MessageBrokerPublishInput input, CancellationToken stoppingToken)
    {
        var received = new TaskCompletionSource<ReceivedMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var expected = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);

        await using var subscription = await broker.SubscribeAsync(
            new MessageBrokerSubscribeInput
            {
                Env = input.Env,
                Event = input.Event,
                ProductTag = input.ProductTag,
                Input = new SubscribeInput
                {
                    Callback = async message =>
                    {
                        Console.WriteLine($"received {JsonSerializer.Serialize(message.Json, Readable)}");
                        // The queue is durable: it may still hold messages of an earlier run.
                        if (message.MessageId == await expected.Task)
                            received.TrySetResult(message);
                    },
                },
            },
            stoppingToken);

        try
        {
            var result = await broker.PublishAsync(input, stoppingToken);
            Console.WriteLine($"published {JsonSerializer.Serialize(result, Readable)}");
            expected.TrySetResult(result.MessageId);
        }
        catch
        {
            expected.TrySetCanceled(CancellationToken.None);
            throw;
        }

        await received.Task.WaitAsync(Patience, stoppingToken);
    }

    // One object or an array of them, in Ductape's own field names; --env wins over what the file says.
    private async Task<MessageBrokerPublishInput[]> ReadAsync(CancellationToken stoppingToken)
    {
        var json = JsonElement.Parse(await File.ReadAllBytesAsync(arguments.File, stoppingToken));
        var inputs = json.ValueKind == JsonValueKind.Array
            ? json.Deserialize<MessageBrokerPublishInput[]>()!
            : [json.Deserialize<MessageBrokerPublishInput>()!];
        return arguments.Env is null ? inputs : [.. inputs.Select(x => x with { Env = arguments.Env })];
    }
}
