using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.RabbitMQ.Tests.Outages;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Messages that the server does not take for what is in them, on a connection that others share.</summary>
public sealed class HeaderSizeTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static readonly JsonObject NoRetries = new() { ["Retry"] = new JsonObject { ["Count"] = 0 } };

    public static TheoryData<int, int> TooMany() => new() { { 1, 200_000 }, { 3_000, 50 }, { 1, 128_000 } };

    [Theory]
    [MemberData(nameof(TooMany))]
    public async Task Headers_that_no_frame_takes_are_refused_and_the_connection_stays(int count, int length)
    {
        await using var proxy = new TcpProxy(Node.Port);
        var app = Start(env: x => x["Config"]!["Url"] = $"amqp://guest:guest@127.0.0.1:{proxy.Port}/");
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 0);
        var connections = proxy.Accepted;
        var headers = Enumerable.Range(0, count).ToDictionary(x => $"h{x}", object? (_) => new string('x', length));

        var others = Task.WhenAll(Enumerable.Range(1, 200).Select(x => app.Broker.PublishAsync(Created, x)));
        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, -1, headers: headers));
        await others;

        Assert.Equal((DuctapeErrorCodes.MessageTooLarge, Created, "test", "shop"), (error.Code, error.Event, error.Env, error.ProductTag));
        Assert.Matches(@"take \d+ bytes, and on this connection RabbitMQ takes at most \d+ of them", error.Message);
        Assert.DoesNotContain("again", error.Message);
        await inbox.HasAsync(201);
        Assert.DoesNotContain("-1", inbox.Bodies);
        Assert.Equal(connections, proxy.Accepted);
    }

    [Fact]
    public async Task The_largest_headers_that_are_taken_survive_error_queue_and_replay()
    {
        var app = Start(NoRetries);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message =>
            message.Replays == 0 ? FailDeeply(100) : inbox.ReceiveAsync(message));
        var header = new string('x', 125_500);

        await app.Broker.PublishAsync(Created, 1, headers: new Dictionary<string, object?> { ["big"] = header });
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1, TimeSpan.FromSeconds(60));

        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        Assert.Equal(header, dead.Headers["big"]);
        Assert.Equal(("System.IO.InvalidDataException", "fault", 1), (dead.ExceptionType, dead.Reason, dead.Attempts));
        Assert.Contains("MT-Fault-StackTrace", dead.Cut);
        Assert.DoesNotContain("big", dead.Cut);

        Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created)).Replayed);
        await inbox.HasAsync(1, TimeSpan.FromSeconds(60));
        Assert.Equal(header, inbox.Letters.Single().Headers["big"]);
    }

    // Each call is a line of the stack trace. MassTransit itself keeps 2048 characters of trace and message each: only
    // wider ones do not fit.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task FailDeeply(int calls)
    {
        if (calls == 0)
            throw new InvalidDataException(new string('€', 2048));
        FailDeeply(calls - 1).GetAwaiter().GetResult();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_message_that_closes_its_channel_fails_once_and_those_beside_it_do_not()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.DeclareQueueOfAsync(Entity);
        var app = Start();
        await app.Broker.PublishAsync(Created, -1);

        // RabbitMQ routes by this header, and closes the channel where it is a number.
        var bad = new Dictionary<string, object?> { ["CC"] = 5 };
        var publishing = Enumerable.Range(0, 200)
            .Select(x => app.Broker.PublishAsync(Created, x, headers: x % 50 == 25 ? bad : null)).ToArray();
        await Task.WhenAll(publishing).ContinueWith(_ => { }, TaskScheduler.Default);

        var failed = publishing.Select((x, i) => (Index: i, x.Exception?.InnerException?.Message)).Where(x => x.Message is not null).ToList();
        Assert.True(failed.Select(x => x.Index).SequenceEqual([25, 75, 125, 175]), string.Join('\n', failed));
        var error = Assert.IsType<DuctapeException>(publishing[25].Exception!.InnerException);
        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.Contains("406, PRECONDITION_FAILED", error.Message);
        Assert.Contains("would be refused again", error.Message);
        Assert.DoesNotContain("publish it again", error.Message);
        var published = publishing.Where(x => x.IsCompletedSuccessfully).Select(x => x.Result).Ids();
        Assert.Empty(published.Except(await channel.TakeIdsAsync(Entity)));
    }
}
