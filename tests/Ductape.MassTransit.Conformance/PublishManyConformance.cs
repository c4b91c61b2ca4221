using System.Text.Json;

namespace Ductape.MassTransit.Conformance;

/// <summary>Publishing many messages at once.</summary>
public abstract class PublishManyConformance : MessageBrokerConformance
{
    [Fact]
    public async Task Every_message_arrives_once_and_has_its_result_in_order()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        var results = await app.Broker.PublishManyAsync(Created, Enumerable.Range(0, ConcurrentMessages));

        await inbox.HasAsync(ConcurrentMessages);
        var bodies = inbox.Letters.ToDictionary(x => x.MessageId!, x => x.Body);
        Assert.Equal(Enumerable.Range(0, ConcurrentMessages).Select(x => x.ToString(null, null)), results.Select(x => bodies[x.MessageId]));
        Assert.All(results, x => Assert.True(x.Success));
    }

    [Fact]
    public async Task Messages_that_fail_are_named_exactly_and_the_others_arrive()
    {
        var app = Start(env: x => x["MaxMessageSize"] = 100);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        object?[] messages = ["first", new string('x', 200), "third", null, "fifth"];

        var exception = await Assert.ThrowsAsync<PublishManyException>(() => app.Broker.PublishManyAsync(Created, messages));

        Assert.Equal([1, 3], exception.Failures.Select(x => x.Index));
        Assert.Equal([DuctapeErrorCodes.MessageTooLarge, DuctapeErrorCodes.InvalidInput], exception.Failures.Select(x => x.Error.Code));
        Assert.Equal([false, true, false, true, false], exception.Results.Select(x => x is null));
        Assert.Equal(DuctapeErrorCodes.MessageTooLarge, exception.Code);
        Assert.StartsWith("MESSAGE_TOO_LARGE: 2 of 5 messages were not published: [1] MESSAGE_TOO_LARGE: ", exception.Message);
        Assert.Contains("[3] INVALID_INPUT: ", exception.Message);
        await inbox.HasAsync(3);
        Assert.Equal(["\"fifth\"", "\"first\"", "\"third\""], inbox.Bodies.Order());
    }

    [Fact]
    public async Task Messages_may_come_from_an_asynchronous_source_with_ids_and_headers_of_their_own()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        var id = Guid.NewGuid();

        async IAsyncEnumerable<PublishInput> Messages()
        {
            yield return new PublishInput { Message = 1, MessageId = id.ToString() };
            await Task.Yield();
            yield return new PublishInput { Message = 2, Headers = new Dictionary<string, object?> { ["tenant"] = "own" } };
        }

        var results = await app.Broker.PublishManyAsync(
            Created, Messages(), headers: new Dictionary<string, object?> { ["tenant"] = "all" });

        await inbox.HasAsync(2);
        Assert.Equal(id.ToString(), results[0].MessageId);
        Assert.Equal(["1 all", "2 own"], inbox.Letters.Select(x => $"{x.Body} {x.Headers["tenant"]}").Order());
    }

    [Fact]
    public async Task When_the_source_fails_what_it_gave_before_is_published()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        static IEnumerable<int> Messages()
        {
            yield return 1;
            yield return 2;
            throw new JsonException("the file ends here");
        }

        await Assert.ThrowsAsync<JsonException>(() => app.Broker.PublishManyAsync(Created, Messages()));

        await inbox.HasAsync(2);
        Assert.Equal(["1", "2"], inbox.Bodies.Order());
    }
}
