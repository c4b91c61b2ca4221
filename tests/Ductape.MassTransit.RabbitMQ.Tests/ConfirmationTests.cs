using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// Many publishes at once, of which the server takes some: each caller learns what became of its own.
/// </summary>
public sealed class ConfirmationTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Fact]
    public async Task The_messages_that_fail_are_those_that_a_full_queue_refused()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.DeclareQueueOfAsync(Entity, new Dictionary<string, object?> { ["x-max-length"] = 300, ["x-overflow"] = "reject-publish" });
        var app = Start();

        var callers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ManyAsync(app.Broker, 1_000, "refused the message"))));

        var results = callers.SelectMany(x => x).ToList();
        Assert.InRange(results.Count(x => x is null), 1, 3_700);
        Assert.Equal(results.Ids(), await channel.TakeIdsAsync(Entity));
    }

    [Fact]
    public async Task The_messages_that_fail_are_those_that_no_queue_was_bound_for()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.DeclareQueueOfAsync(Entity);
        var app = Start(new JsonObject { ["OnUnroutable"] = "fail" });
        var results = new List<PublishResult?>();
        var returned = 0;

        while (results.All(x => x is null) || returned == 0 || results.Count < 20_000)
        {
            var publishing = ManyAsync(app.Broker, 2_000, "no queue is bound to");
            while (!publishing.IsCompleted)
            {
                await channel.QueueBindAsync(Entity, Entity, "");
                await channel.QueueUnbindAsync(Entity, Entity, "");
            }

            var many = await publishing;
            results.AddRange(many);
            returned += many.Count(x => x is null);
        }

        Assert.Equal(results.Ids(), await channel.TakeIdsAsync(Entity));
    }

    [Fact]
    public async Task Publishes_under_way_when_the_application_ends_are_confirmed_first()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.DeclareQueueOfAsync(Entity);
        var app = Start();
        var first = await app.Broker.PublishAsync(Created, 0);

        var publishing = Enumerable.Range(1, 2_000).Select(x => app.Broker.PublishAsync(Created, x)).ToArray();
        Assert.Contains(publishing, x => !x.IsCompleted);
        await app.DisposeAsync();

        Assert.Equal((await Task.WhenAll(publishing)).Append(first).Ids(), await channel.TakeIdsAsync(Entity));
    }

    [Fact]
    public async Task Each_publish_is_traced_by_the_client_as_part_of_what_its_caller_does()
    {
        var (callers, traced) = (new ConcurrentDictionary<ActivitySpanId, string>(), new ConcurrentQueue<Activity>());
        using var root = new Activity("root").Start();
        using var listener = Listen(root, traced.Enqueue);
        var app = Start();
        await app.Broker.PublishAsync(Created, 0);
        traced.Clear();

        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(async x =>
        {
            using var caller = new Activity("caller").Start();
            var result = await app.Broker.PublishAsync(Created, x);
            callers[caller.SpanId] = result.MessageId.ToString();
        }));

        Assert.Equal(1_000, traced.Count);
        Assert.All(traced, x => Assert.Equal(callers[x.ParentSpanId], x.GetTagItem("messaging.message.id")));
    }

    [Fact]
    public async Task A_message_that_the_client_cannot_write_is_not_taken_for_the_next_one()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.DeclareQueueOfAsync(Entity);
        using var root = new Activity("root").Start();
        using var listener = Listen(root, x =>
        {
            if (x.Parent?.OperationName == "unwritable")
                throw new NotSupportedException("unwritable");
        });
        var app = Start();
        await app.Broker.PublishAsync(Created, 0);

        var publishing = Enumerable.Range(0, 2_000).Select(async x =>
        {
            using var caller = x % 500 == 400 ? new Activity("unwritable").Start() : null;
            return await app.Broker.PublishAsync(Created, x);
        }).ToArray();
        await Task.WhenAll(publishing).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.All(publishing, (x, i) => Assert.Equal(i % 500 == 400, x.IsFaulted));
        Assert.Contains("unwritable", publishing[400].Exception!.InnerException!.Message);
        var published = publishing.Where(x => x.IsCompletedSuccessfully).Select(x => x.Result).Ids();
        Assert.Empty(published.Except(await channel.TakeIdsAsync(Entity)));
    }

    [Fact]
    public async Task A_message_has_no_header_but_those_of_its_publisher()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.DeclareQueueOfAsync(Entity);
        var app = Start();

        await app.Broker.PublishAsync(Created, "declares");
        await app.Broker.PublishAsync(Created, "plain");
        await app.Broker.PublishAsync(Created, "with a header", headers: new Dictionary<string, object?> { ["tenant"] = "acme" });

        var messages = await Fixture.TakeAsync(Entity, 3);
        Assert.All(messages.Take(2), x => Assert.Empty(x.BasicProperties.Headers ?? new Dictionary<string, object?>()));
        Assert.Contains("tenant", messages[2].BasicProperties.Headers!.Keys);
        Assert.DoesNotContain("x-dotnet-pub-seq-no", messages[2].BasicProperties.Headers!.Keys);
    }

    /// <summary>Listens to the client's publishes within an activity, and to no others.</summary>
    private static ActivityListener Listen(Activity root, Action<Activity> started)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = x => x.Name == RabbitMQActivitySource.PublisherSourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> x) =>
                x.Parent.TraceId == root.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStarted = started,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private async Task<IReadOnlyList<PublishResult?>> ManyAsync(IMessageBroker broker, int count, string why)
    {
        try
        {
            return await broker.PublishManyAsync(Created, Enumerable.Range(0, count));
        }
        catch (PublishManyException exception)
        {
            Assert.All(exception.Failures, x => Assert.Contains(why, x.Error.Message));
            return exception.Results;
        }
    }
}
