using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Amazon.SQS;
using Amazon.SQS.Model;
using Ductape.MassTransit.AmazonSQS.Tests;
using Ductape.MassTransit.Conformance;

[assembly: AssemblyFixture(typeof(AmazonSqsFixture))]

namespace Ductape.MassTransit.AmazonSQS.Tests;

/// <summary>The emulator that the tests share, and a client that knows nothing of this library.</summary>
public sealed class AmazonSqsFixture : IAsyncLifetime
{
    private readonly FauxqsServer _server = new();

    public AmazonSQSClient Sqs { get; private set; } = null!;

    public string Url => _server.Url;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        Sqs = new AmazonSQSClient(new BasicAWSCredentials("test", "test"), new AmazonSQSConfig { ServiceURL = Url, AuthenticationRegion = "us-east-1" });
    }

    public ValueTask DisposeAsync()
    {
        Sqs?.Dispose();
        return _server.DisposeAsync();
    }

    /// <summary>The configuration of a broker environment on the emulator.</summary>
    public JsonObject Env() => new()
    {
        ["Type"] = "AWS_SQS",
        // A request that waits is not woken by a message that another gives back, as AWS would.
        ["Config"] = new JsonObject { ["ServiceUrl"] = Url, ["AccessKeyId"] = "test", ["SecretAccessKey"] = "test", ["WaitTimeSeconds"] = 1 },
    };

    /// <summary>The same with FIFO topics and queues.</summary>
    public JsonObject FifoEnv()
    {
        var env = Env();
        env["Config"]!["Fifo"] = true;
        return env;
    }

    /// <summary>Deletes an SNS topic.</summary>
    public async Task DeleteTopicAsync(string name)
    {
        using var sns = new AmazonSimpleNotificationServiceClient(new BasicAWSCredentials("test", "test"),
            new AmazonSimpleNotificationServiceConfig { ServiceURL = Url, AuthenticationRegion = "us-east-1" });
        await sns.DeleteTopicAsync($"arn:aws:sns:us-east-1:000000000000:{name}");
    }

    /// <summary>
    /// Takes the payloads out of the errors' queue of the product shop, as soon as there are that many.
    /// </summary>
    public async Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, string @event, int count)
    {
        var messages = await TakeAsync(ErrorQueue(app.Catalog.FetchRoute(@event).Queue), count);
        // MassTransit's envelope holds the payload as it was written.
        return [.. messages.Select(x => JsonDocument.Parse(x.Body).RootElement.GetProperty("message").GetRawText())];
    }

    public static string ErrorQueue(string queue) =>
        queue.EndsWith(".fifo", StringComparison.Ordinal) ? $"{queue[..^".fifo".Length]}_error.fifo" : $"{queue}_error";

    public async Task<IReadOnlyList<Message>> TakeAsync(string queue, int count)
    {
        var taken = new List<Message>();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                var url = (await Sqs.GetQueueUrlAsync(queue)).QueueUrl;
                var response = await Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MaxNumberOfMessages = 10, MessageAttributeNames = ["All"] });
                foreach (var message in response.Messages ?? [])
                {
                    taken.Add(message);
                    await Sqs.DeleteMessageAsync(url, message.ReceiptHandle);
                }
            }
            catch (QueueDoesNotExistException)
            {
            }

            return taken.Count >= count;
        }, TimeSpan.FromSeconds(30), $"{count} messages in {queue}");
        return taken;
    }
}
