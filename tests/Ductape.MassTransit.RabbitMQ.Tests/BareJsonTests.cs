using System.Text;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>JSON without an envelope as peers of all kinds write it.</summary>
public sealed class BareJsonTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private const string Text = """{ "name": "Zoë 𝄞" }""";

    [Fact]
    public async Task A_byte_order_mark_and_other_charsets_are_read_and_the_body_is_UTF_8()
    {
        var app = Start(env: x => x["Format"] = "json");
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync<Named>(Created, (named, message) =>
            named.Name.StartsWith("Zoë", StringComparison.Ordinal) ? inbox.ReceiveAsync(message) : throw new InvalidDataException(named.Name));
        (string ContentType, byte[] Body)[] messages =
        [
            ("application/json", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Text)]),
            ("application/json; charset=\"UTF-16\"", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Text)]),
            ("application/json; charset=utf-16", Encoding.BigEndianUnicode.GetBytes(Text)),
            ("application/json;charset=utf-16le", Encoding.Unicode.GetBytes(Text)),
            ("application/json; charset=utf-32", [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes(Text)]),
            ("application/json", new UTF32Encoding(true, true).GetBytes(Text)),
            ("text/json; charset=utf-8", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Text)]),
            // What it says is wrong, and it was always read.
            ("application/json; charset=utf-16", Encoding.UTF8.GetBytes(Text)),
            ("application/json; charset=utf-8", Encoding.UTF8.GetBytes(Text)),
        ];

        foreach (var (contentType, body) in messages)
            await PublishAsync(contentType, body);
        await PublishAsync("application/json; charset=iso-8859-1", Encoding.Latin1.GetBytes("""{ "name": "Zoë" }"""));

        await inbox.HasAsync(messages.Length + 1);
        Assert.Equal(messages.Length, inbox.Bodies.Count(x => x == Text));
        Assert.Single(inbox.Bodies, """{ "name": "Zoë" }""");
    }

    [Fact]
    public async Task What_cannot_be_read_says_why_in_its_failure()
    {
        var app = Start(env: x => x["Format"] = "json");
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        (string ContentType, byte[] Body, string Reason)[] messages =
        [
            ("application/json; charset=x-klingon", Encoding.UTF8.GetBytes(Text),
                "INVALID_INPUT: the content type says charset 'x-klingon', which is not known here: send JSON as UTF-8."),
            ("application/json; charset=utf-16", [.. Encoding.Unicode.GetBytes("\"a"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("\"")],
                "INVALID_INPUT: the body looks like utf-16 and has bytes that are no characters of it: send JSON as UTF-8."),
            ("application/json; charset=utf-16", Encoding.Unicode.GetBytes("{ not JSON"), "INVALID_INPUT: the body is not JSON (its content type says charset 'utf-16'): 'n' is"),
            ("application/json", Encoding.UTF8.GetBytes("{ not JSON"), "INVALID_INPUT: the body is not JSON: 'n' is"),
        ];

        foreach (var (contentType, body, _) in messages)
            await PublishAsync(contentType, body);

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == messages.Length);
        var dead = await app.DeadLetters.PeekAsync(Created);
        foreach (var (contentType, body, reason) in messages)
            Assert.Single(dead, x => x.ContentType == contentType && x.Body.Span.SequenceEqual(body) && x.ExceptionMessage!.StartsWith(reason, StringComparison.Ordinal));
        Assert.Equal("Ductape.MassTransit.DuctapeException", dead[0].ExceptionType);
    }

    [Fact]
    public async Task A_dead_letter_shows_the_bytes_as_they_came_and_the_JSON_in_them()
    {
        var app = Start(new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 } }, x => x["Format"] = "json");
        await app.Broker.SubscribeAsync(Created, _ => throw new InvalidDataException("No stock."));
        await PublishAsync("application/json; charset=utf-16", Encoding.Unicode.GetBytes(Text));

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);

        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        Assert.Equal(Encoding.Unicode.GetBytes(Text), dead.Body.ToArray());
        Assert.Equal("Zoë 𝄞", dead.Json.GetProperty("name").GetString());
    }

    private async Task PublishAsync(string contentType, byte[] body)
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync(Entity, "", false, new BasicProperties { ContentType = contentType }, body);
    }

    public sealed record Named(string Name);
}
