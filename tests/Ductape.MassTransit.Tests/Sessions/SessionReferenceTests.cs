using System.Text;
using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

public class SessionReferenceTests
{
    /// <summary>Claims as an issuer may write them, with literals that a number type would change.</summary>
    private const string Claims = """
        {
          "userId": "user_1", "name": "Zoë \"Z\" O'Neil\n\\ \u00fc 😀", "age": 12345678901234567890, "rate": 1.0, "admin": true, "none": null,
          "sneaky": "$Session{web}{userId}", "empty": "",
          "address": { "city": "Köln", "zip": 50667, "lines": [ "a", 2.50 ] }, "tags": [ 1, "x" ], "exp": 4102444800
        }
        """;

    private static readonly string Json = Resolving();

    public static TheoryData<string, string> Messages => new()
    {
        // Alone, a claim keeps its type.
        { """{"u":"$Session{web}{userId}"}""", """{"u":"user_1"}""" },
        { """{"u":"$Session{web}{age}"}""", """{"u":12345678901234567890}""" },
        { """{"u":"$Session{web}{rate}"}""", """{"u":1.0}""" },
        { """{"u":"$Session{web}{admin}"}""", """{"u":true}""" },
        { """{"u":"$Session{web}{none}"}""", """{"u":null}""" },
        { """{"u":"$Session{web}{tags}"}""", """{"u":[ 1, "x" ]}""" },
        { """{"u":"$Session{web}{address}"}""", """{"u":{ "city": "Köln", "zip": 50667, "lines": [ "a", 2.50 ] }}""" },
        { """{"u":"$Session{web}{name}"}""", """{"u":"Zoë \"Z\" O'Neil\n\\ \u00fc 😀"}""" },
        { """{"u":"$Session{web}{empty}"}""", """{"u":""}""" },
        { "\"$Session{web}{userId}\"", "\"user_1\"" },
        { """["$Session{web}{userId}",["$Session{web}{age}"]]""", """["user_1",[12345678901234567890]]""" },
        // Dots descend.
        { """{"u":"$Session{web}{address.city}","z":"$Session{web}{address.zip}"}""", """{"u":"Köln","z":50667}""" },
        // In a longer string it is text.
        { """{"u":"I am $Session{web}{userId}."}""", """{"u":"I am user_1."}""" },
        { """{"u":"$Session{web}{userId}$Session{web}{age}/$Session{web}{rate}/$Session{web}{admin}"}""", """{"u":"user_112345678901234567890/1.0/true"}""" },
        { """{"u":" $Session{web}{userId}"}""", """{"u":" user_1"}""" },
        { """{"u":"<$Session{web}{empty}>"}""", """{"u":"<>"}""" },
        // What is inserted is not looked at again.
        { """{"u":"$Session{web}{sneaky}","v":"-$Session{web}{sneaky}"}""", """{"u":"$Session{web}{userId}","v":"-$Session{web}{userId}"}""" },
        // Names stay.
        { """{"$Session{web}{userId}":"$Session{web}{userId}"}""", """{"$Session{web}{userId}":"user_1"}""" },
        // Everything else stays byte for byte.
        {
            """{ "n" : 1.0,  "b":12345678901234567890, "e":1e400, "s":"a\u00e9\/é", "r":"$Session{web}{userId}" ,"d":1,"d":2 }""",
            """{ "n" : 1.0,  "b":12345678901234567890, "e":1e400, "s":"a\u00e9\/é", "r":"user_1" ,"d":1,"d":2 }"""
        },
        { """{"a":"é 😀 O'N <b> $Session{web}{userId}"}""", """{"a":"é 😀 O'N <b> user_1"}""" },
        // Any character of a reference may be escaped.
        { """{"u":"\u0024Session{web}{userId}"}""", """{"u":"user_1"}""" },
        { """{"u":"$\u0053ession\u007bweb}{user\u0049d}"}""", """{"u":"user_1"}""" },
        { """{"u":"\u0024\u0053\u0065\u0073\u0073\u0069\u006f\u006e\u007B\u0077\u0065\u0062\u007D\u007B\u0061\u0067\u0065\u007D"}""", """{"u":12345678901234567890}""" },
        // What is no reference.
        { """{"u":"$Sessions{web}","v":"$session{web}{userId}","w":"\\u0024Session","x":"\u00e9","y":"$5","z":"\\$"}""",
            """{"u":"$Sessions{web}","v":"$session{web}{userId}","w":"\\u0024Session","x":"\u00e9","y":"$5","z":"\\$"}""" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task References_are_replaced_and_nothing_else_is(string message, string sent) =>
        Assert.Equal(sent, await SentAsync(Encoding.UTF8.GetBytes(message)));

    [Fact]
    public async Task Text_is_escaped_where_it_is_inserted() => Assert.Equal(
        "Hello Zoë \"Z\" O'Neil\n\\ ü 😀\t\"!", System.Text.Json.JsonDocument.Parse(
            await SentAsync("""{"u":"Hello $Session{web}{name}\t\"!"}"""u8.ToArray())).RootElement.GetProperty("u").GetString());

    [Fact]
    public async Task Objects_that_are_serialized_may_have_references() => Assert.Equal(
        """{"userId":"user_1","note":"by user_1"}""", await SentAsync(new { UserId = "$Session{web}{userId}", Note = "by $Session{web}{userId}" }));

    [Fact]
    public async Task A_topic_that_does_not_ask_for_it_sends_the_text_as_it_is()
    {
        Assert.Equal("""{"u":"$Session{web}{nothing}"}""", await SentAsync("""{"u":"$Session{web}{nothing}"}"""u8.ToArray(), Hmac));
    }

    [Fact]
    public async Task A_message_without_references_needs_no_session()
    {
        await using var app = new SessionApp(Json);
        var inbox = new Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(Event, inbox.ReceiveAsync);

        await app.Broker.PublishAsync(Event, """{"price":"$5","text":"a\u00e9\\"}"""u8.ToArray());

        await inbox.HasAsync(1);
        Assert.Equal(["""{"price":"$5","text":"a\u00e9\\"}"""], inbox.Bodies);
    }

    [Fact]
    public async Task The_size_is_that_of_what_is_sent()
    {
        var json = Resolving(($"{Dev}:MaxMessageSize", "20"));
        Assert.Equal("\"user_1\"", await SentAsync("$Session{web}{userId}", json));

        var error = await Assert.ThrowsAsync<DuctapeException>(() => SentAsync("$Session{web}{address}", json));

        Assert.Equal(DuctapeErrorCodes.MessageTooLarge, error.Code);
    }

    [Fact]
    public async Task Claims_that_make_the_message_too_deep_are_refused()
    {
        var message = new string('[', 59) + "\"$Session{web}{address}\"" + new string(']', 59);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => SentAsync(Encoding.UTF8.GetBytes(message)));

        Assert.StartsWith("INVALID_INPUT: 'input.message' cannot be written as JSON: The maximum configured depth of 60 has been exceeded", error.Message);
        Assert.Equal(message.Replace("\"$Session{web}{address}\"", "\"user_1\""),
            await SentAsync(Encoding.UTF8.GetBytes(message.Replace("address", "userId"))));
    }

    [Fact]
    public async Task A_message_that_becomes_null_is_refused()
    {
        var error = await Assert.ThrowsAsync<DuctapeException>(() => SentAsync("$Session{web}{none}"));

        Assert.Equal("INVALID_INPUT: 'input.message' is required and is missing or null: give the payload.", error.Message);
    }

    [Fact]
    public async Task The_proof_is_of_what_is_sent()
    {
        Assert.Equal("{\"u\":\"user_1\"}", await SentAsync(new { u = "$Session{web}{userId}" }, Resolving(($"{Topic}:VerifyOnReceive", "true"))));
    }

    [Fact]
    public async Task An_idempotency_key_goes_with_what_is_sent()
    {
        await using var app = new SessionApp(Json);
        var session = new SessionInput { Tag = Tag, Token = ForgedToken.Hmac(Encoding.UTF8.GetBytes(Claims)) };

        var first = await app.Broker.PublishAsync(Event, new { u = "$Session{web}{userId}" }, session: session, idempotencyKey: "one");
        var second = await app.Broker.PublishAsync(Event, new { u = "user_1" }, session: session, idempotencyKey: "one");
        var other = await Assert.ThrowsAsync<DuctapeException>(
            () => app.Broker.PublishAsync(Event, new { u = "$Session{web}{rate}" }, session: session, idempotencyKey: "one"));

        Assert.Equal(first with { Cached = true }, second);
        Assert.Equal(DuctapeErrorCodes.InvalidInput, other.Code);
    }

    [Fact]
    public void A_topic_of_a_product_without_session_types_cannot_resolve_references() => Assert.Equal(
        [$"Ductape:{Topic}:ResolveReferences: the product has no session types, so that no reference could be replaced; describe one under Sessions, "
            + "or set it to false."],
        StartUp.Problems(With(($"{Topic}:ResolveReferences", "true"))));

    private static string Resolving(params (string Path, string Json)[] changes) =>
        Of(new { SigningKey, Selector = "$Session{userId}" }, [($"{Topic}:ResolveReferences", "true"), .. changes]);

    private static async Task<string> SentAsync(object message, string? json = null)
    {
        await using var app = new SessionApp(json ?? Json);
        var inbox = new Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(Event, inbox.ReceiveAsync);
        await app.PublishAsync(ForgedToken.Hmac(Encoding.UTF8.GetBytes(Claims)), message);
        await inbox.HasAsync(1);
        return inbox.Bodies[0];
    }
}
