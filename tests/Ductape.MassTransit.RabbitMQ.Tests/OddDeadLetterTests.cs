using System.Collections;
using System.Globalization;
using System.Text;
using MassTransit;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Dead letters with whatever a peer can write: none keeps the others back.</summary>
public sealed class OddDeadLetterTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private const string Envelope = "application/vnd.masstransit+json";

    private string ErrorQueue => $"{ShopQueue}_error";

    [Fact]
    public async Task Whatever_a_peer_wrote_every_one_is_looked_at_selected_replayed_unchanged_and_discarded()
    {
        var app = Start();
        var letters = Headers().Select(x => new Letter(new BasicProperties { ContentType = "application/json", Headers = x }, "1"u8.ToArray()))
            .Concat(Envelopes().Select(x => new Letter(new BasicProperties { ContentType = Envelope }, x))).ToArray();
        foreach (var letter in letters)
            letter.Properties.MessageId = letter.Id.ToString();
        await SendAsync(letters);

        var dead = await app.DeadLetters.PeekAsync(Created, 1000);

        Assert.Equal(letters.Select(x => x.ShownId), dead.Select(x => x.MessageId));
        foreach (var letter in dead)
            ReadAll(letter);
        foreach (var letter in letters)
            Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created, DeadLetterSelection.ByMessageId(letter.ShownId), dryRun: true)).Matched);
        var replayed = await app.DeadLetters.ReplayAsync(Created, new DeadLetterSelection { Where = ReadAll });
        Assert.Equal(new ReplayResult(letters.Length, letters.Length, 0, false), replayed);
        // One that seems to be near the limit of a quorum queue was written anew at its end.
        var copies = (await Fixture.TakeAsync(ShopQueue, letters.Length)).ToDictionary(x => x.BasicProperties.MessageId!);
        foreach (var letter in letters)
        {
            var copy = copies[letter.Id.ToString()];
            Assert.Equal(letter.Body, copy.Body.ToArray());
            Assert.Equal(Text(Kept(letter.Properties.Headers)), Text(Kept(copy.BasicProperties.Headers)));
        }

        await SendAsync(letters);
        Assert.Equal(letters.Length, (await app.DeadLetters.DiscardAsync(Created, new DeadLetterSelection { Where = ReadAll })).Discarded);
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
    }

    [Fact]
    public async Task What_cannot_be_decoded_is_shown_as_it_is_written()
    {
        var app = Start();
        var id = NewId.NextGuid();
        await SendAsync([
            new Letter(new BasicProperties
            {
                ContentType = "application/json",
                Headers = new Dictionary<string, object?>
                {
                    ["early"] = new AmqpTimestamp(long.MinValue), ["known"] = new AmqpTimestamp(1), [MessageHeaders.FaultTimestamp] = new AmqpTimestamp(long.MaxValue),
                    [MessageHeaders.FaultExceptionType] = new List<object?> { "no text" }, ["ductape-replay-count"] = int.MaxValue,
                },
            }, "1"u8.ToArray()),
            // Nothing but the envelope has its id, and what is in it is deeper than any reader of JSON goes.
            new Letter(new BasicProperties { ContentType = Envelope }, [
                .. Encoding.UTF8.GetBytes($$"""{ "\ud800": 1, "messageId": "{{id}}", "headers": { "half": "a\udc00b", "\udfff": "name", "bytes": " """),
                0xFF, .. Encoding.UTF8.GetBytes($"\" }}, \"message\": {new string('[', 50_000)}{new string(']', 50_000)} }}"),
            ]),
        ]);

        var dead = await app.DeadLetters.PeekAsync(Created);

        Assert.Equal((null, null, int.MaxValue), (dead[0].FailedAt, dead[0].ExceptionType, dead[0].Replays));
        Assert.Equal(long.MinValue, dead[0].Headers["early"]);
        Assert.Equal("1970-01-01T00:00:01.0000000+00:00", dead[0].Headers["known"]);
        Assert.Equal(id.ToString(), dead[1].MessageId);
        Assert.Equal(("""a\udc00b""", "name", " \uFFFD"), (dead[1].Headers["half"], dead[1].Headers["""\udfff"""], dead[1].Headers["bytes"]));
        Assert.Equal(100_000, dead[1].Body.Length);
        Assert.Equal(1, (await app.DeadLetters.DiscardAsync(Created, DeadLetterSelection.ByMessageId(id.ToString()))).Discarded);
    }

    [Fact]
    public async Task A_message_in_the_name_of_another_user_is_replayed_too()
    {
        var app = Start();
        await Node.ControlAsync("add_user", BrokerTag, BrokerTag);
        await Node.ControlAsync("set_permissions", BrokerTag, ".*", ".*", ".*");
        var factory = new ConnectionFactory { Uri = new Uri(Node.Url), UserName = BrokerTag, Password = BrokerTag };
        await using (var connection = await factory.CreateConnectionAsync())
        {
            await SendAsync(connection,
                [new Letter(new BasicProperties { UserId = BrokerTag }, "1"u8.ToArray()), new Letter(new BasicProperties(), "2"u8.ToArray())]);
        }

        Assert.Equal(2, (await app.DeadLetters.ReplayAsync(Created)).Replayed);

        // What the server refuses in another user's name is sent once more, beside the others.
        Assert.Equal(["1", "2"], (await Fixture.TakeAsync(ShopQueue, 2)).Select(x => Encoding.UTF8.GetString(x.Body.Span)).Order(StringComparer.Ordinal));
    }

    /// <summary>Headers of every type that AMQP has, under names that mean something and under others.</summary>
    private static IEnumerable<Dictionary<string, object?>> Headers()
    {
        object?[] values =
        [
            null, true, (byte)1, (sbyte)-1, (short)-2, ushort.MaxValue, int.MaxValue, uint.MaxValue, long.MaxValue, long.MinValue, float.MaxValue, double.MaxValue,
            double.MinValue, 1.5m, "text", "", "null", new byte[] { 0xFF, 0xC0 }, new BinaryTableValue([0xFF, 0x00]), new AmqpTimestamp(long.MaxValue),
            new AmqpTimestamp(long.MinValue), new AmqpTimestamp(253_402_300_800), new List<object?> { "a", new List<object?> { 1 } },
            new Dictionary<string, object?> { ["a"] = new Dictionary<string, object?> { ["b"] = 1 } },
        ];
        string[] names =
        [
            "tenant", "ductape-attempts", "ductape-replay-count", "ductape-headers", "x-delivery-count", "x-first-death-reason", MessageHeaders.MessageId,
            MessageHeaders.RedeliveryCount, MessageHeaders.FaultTimestamp, MessageHeaders.FaultRetryCount, MessageHeaders.FaultExceptionType, MessageHeaders.Reason,
        ];
        foreach (var value in values)
            yield return names.ToDictionary(x => x, _ => value);
        // As numbers do not fail where they are not reached.
        yield return new() { [MessageHeaders.FaultExceptionType] = "T", ["ductape-attempts"] = int.MaxValue, [MessageHeaders.FaultRetryCount] = int.MaxValue };
        yield return new() { ["tenant"] = 1, ["Tenant"] = 2, ["TENANT "] = 3 };
        yield return new() { [MessageHeaders.FaultTimestamp] = "9999-12-31T23:59:59-14:00" };
        yield return new() { ["ductape-headers"] = """{ "a": "\ud800", "\udc00": 1e999, "b": { "c": [] } }""" };
    }

    private static IEnumerable<byte[]> Envelopes()
    {
        string[] texts =
        [
            "", " ", "null", "1", "[]", "{}", "{", """{"message":""", """{"message":1}}""", """{"message":1,"message":2,"headers":[],"headers":null}""",
            """{"message":1,"messageId":7,"correlationId":{},"headers":{"a":1e999,"b":-1e-999,"c":[],"d":{},"e":null,"A":0}}""",
            """{"message":1,"messageId":"\ud800","correlationId":"no guid","headers":{"\ud800":"\udc00","tenant":"\uD83Dx"}}""",
            """{"\ud800message":0,"m\u0065ssage":1}""", "\uFEFF{\"message\":1}",
            $$"""{"message":1,"headers":{"deep":{{new string('[', 5_000)}}{{new string(']', 5_000)}}} }""",
        ];
        foreach (var text in texts)
            yield return Encoding.UTF8.GetBytes(text);
        yield return [.. """{"message":1,"headers":{"a":" """u8, 0xFF, 0xED, 0xA0, 0x80, .. """ "},"ab"""u8, 0xC0, .. "\":1}"u8];
        yield return Encoding.Unicode.GetBytes("""{"message":1}""");
        yield return [0xFF, 0xFE, 0x00];
    }

    private static bool ReadAll(DeadLetter letter)
    {
        // Each of them for itself: an exception is what this is about.
        object?[] all =
        [
            letter.MessageId, letter.ProcessId, letter.ContentType, letter.Body.Length, letter.ExceptionType, letter.ExceptionMessage, letter.StackTrace,
            letter.Reason, letter.FailedAt, letter.Attempts, letter.Redeliveries, letter.Replays, letter.Host, letter.Consumer, letter.InputAddress,
            .. letter.Headers.Keys, .. letter.Headers.Values,
        ];
        Assert.DoesNotContain(all, x => x is < 0);
        return true;
    }

    /// <summary>What is neither of the failure nor the server's.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Kept(IDictionary<string, object?>? headers) => (headers ?? new Dictionary<string, object?>())
        .Where(x => !x.Key.StartsWith("MT-", StringComparison.Ordinal) && x.Key is not ("ductape-attempts" or "ductape-replay-count" or "x-delivery-count" or "x-dotnet-pub-seq-no")
            && !x.Key.StartsWith("x-first-death-", StringComparison.Ordinal));

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => Text(Encoding.UTF8.GetBytes(text)),
        byte[] bytes => $"text {Convert.ToHexString(bytes)}",
        BinaryTableValue binary => $"binary {Convert.ToHexString(binary.Bytes)}",
        IEnumerable<KeyValuePair<string, object?>> table => $"{{{string.Join(", ", table.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Key}: {Text(x.Value)}"))}}}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        AmqpTimestamp time => $"time {time.UnixTime}",
        _ => $"{value.GetType().Name} {Convert.ToString(value, CultureInfo.InvariantCulture)}",
    };

    private async Task SendAsync(IReadOnlyList<Letter> letters)
    {
        await using var connection = await Node.ConnectAsync();
        await SendAsync(connection, letters);
    }

    private async Task SendAsync(IConnection connection, IReadOnlyList<Letter> letters)
    {
        // Each publish ends with its confirmation.
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        foreach (var queue in new[] { ShopQueue, ErrorQueue })
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        foreach (var letter in letters)
            await channel.BasicPublishAsync("", ErrorQueue, mandatory: true, letter.Properties, letter.Body);
    }

    private sealed record Letter(BasicProperties Properties, byte[] Body)
    {
        public Guid Id { get; } = NewId.NextGuid();

        /// <summary>An envelope's own id counts before the property.</summary>
        public string ShownId => Body.AsSpan().IndexOf("""
            "messageId":"\ud800"
            """u8) >= 0 ? @"\ud800" : Id.ToString();
    }
}
