using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Conformance;

/// <summary>Who acted arrives with the message.</summary>
public abstract class SessionConformance : MessageBrokerConformance
{
    private const string SigningKey = "the conformance suite's signing key";
    private static readonly DateTimeOffset Expiry = new(2100, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("envelope", false)]
    [InlineData("envelope", true)]
    [InlineData("json", false)]
    [InlineData("json", true)]
    public async Task The_session_of_the_publisher_arrives(string format, bool forward)
    {
        var session = SessionType();
        if (forward)
            session["Forward"] = "Token";
        var app = Start(env: x => x["Format"] = format, session: session);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync, product: "billing");

        await app.Broker.PublishAsync(Created, new { n = 1 }, session: new SessionInput { Tag = "web", Token = Token("jane é") },
            headers: new Dictionary<string, object?> { ["tenant"] = "acme" });
        await app.Broker.PublishAsync(Created, new { n = 2 });

        await inbox.HasAsync(2);
        Assert.Null(inbox.Letters.Single(x => x.Body == """{"n":2}""").Session);
        var letter = inbox.Letters.Single(x => x.Body == """{"n":1}""");
        var received = letter.Session;
        Assert.NotNull(received);
        Assert.Equal(("web", "s-1", "jane é", (DateTimeOffset?)Expiry), (received.Tag, received.Id, received.User, received.ExpiresAt));
        Assert.Equal(forward ? "admin" : null, received.Claims?.GetProperty("role").GetString());
        Assert.Equal("acme", letter.Headers["tenant"]);
        Assert.DoesNotContain(letter.Headers.Keys, x => x.StartsWith("ductape-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_topic_that_verifies_on_receive_delivers_what_verifies_and_nothing_else(bool forward)
    {
        var session = SessionType();
        if (forward)
            session["Forward"] = "Token";
        var app = Start(FastRetry(5), session: session, configure: services =>
            services.PostConfigure<DuctapeOptions>(options =>
            {
                // The publisher's configuration asks for nothing.
                var topic = options.Products["shop"].Brokers[BrokerTag].Topics["created"];
                (topic.RequireSession, topic.VerifyOnReceive) = (["web"], true);
            }));
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await app.Broker.PublishAsync(Created, "nobody", product: "billing");
        await app.Broker.PublishAsync(Created, "jane", product: "billing", session: new SessionInput { Tag = "web", Token = Token("jane") });

        await inbox.HasAsync(1);
        Assert.Equal(["\"nobody\""], await ErrorsAsync(app, 1));
        Assert.Equal(["\"jane\""], inbox.Bodies);
        Assert.True(inbox.Letters.Single().Session!.IsVerified);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_verifies_on_receive_in_the_bare_format_too(bool forward)
    {
        var session = SessionType();
        if (forward)
            session["Forward"] = "Token";
        var app = Start(new JsonObject { ["VerifyOnReceive"] = true }, x => x["Format"] = "json", session: session);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await app.Broker.PublishAsync(Created, new { text = "é" }, session: new SessionInput { Tag = "web", Token = Token("jane é") });

        await inbox.HasAsync(1);
        Assert.True(inbox.Letters.Single().Session is { IsVerified: true, User: "jane é" });
    }

    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task References_arrive_as_the_claims_that_they_name_and_the_session_verifies(string format)
    {
        var topic = new JsonObject { ["ResolveReferences"] = true, ["VerifyOnReceive"] = true };
        var app = Start(topic, x => x["Format"] = format, session: SessionType());
        var session = new SessionInput { Tag = "web", Token = Token("jane é") };
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        var error = await Assert.ThrowsAsync<DuctapeException>(
            () => app.Broker.PublishAsync(Created, new { by = "$Session{web}{user.email}" }, session: session));
        await app.Broker.PublishAsync(
            Created, """{"until":"$Session{web}{exp}", "n":1.0,"by":"$Session{web}{user.name} (\u0024Session{web}{role})"}"""u8.ToArray(), session: session);

        await inbox.HasAsync(1);
        Assert.Equal("SESSION_INVALID: 'input.message' at /by refers to '$Session{web}{user.email}', and the token of the session 'web' has no such claim. "
            + "Nothing was sent.", error.Message);
        var letter = inbox.Letters.Single();
        Assert.Equal($$"""{"until":{{Expiry.ToUnixTimeSeconds()}}, "n":1.0,"by":"jane é (admin)"}""", letter.Body);
        Assert.True(letter.Session!.IsVerified);
    }

    [Theory]
    [InlineData("envelope", false)]
    [InlineData("envelope", true)]
    [InlineData("json", false)]
    [InlineData("json", true)]
    public async Task A_session_still_verifies_after_a_redelivery_and_after_a_replay(string format, bool forward)
    {
        var session = SessionType();
        if (forward)
            session["Forward"] = "Token";
        var topic = FastRetry(0);
        (topic["VerifyOnReceive"], topic["Redelivery"]) = (true, new JsonArray("00:00:01"));
        var app = Start(topic, x => x["Format"] = format, session: session);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message =>
            message.Replays == 0 ? throw new InvalidOperationException("Not yet.") : inbox.ReceiveAsync(message));

        await app.Broker.PublishAsync(Created, """{ "text" :  "é" }"""u8.ToArray(), session: new SessionInput { Tag = "web", Token = Token("jane é") });
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);
        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        await app.DeadLetters.ReplayAsync(Created);

        await inbox.HasAsync(1);
        Assert.Equal(("System.InvalidOperationException", 1, 2), (dead.ExceptionType, dead.Redeliveries, dead.Attempts));
        Assert.True(inbox.Letters.Single().Session is { IsVerified: true, User: "jane é" });
        Assert.Equal("""{ "text" :  "é" }""", inbox.Bodies.Single());
    }

    protected static JsonObject SessionType() => new() { ["SigningKey"] = SigningKey, ["Selector"] = "$Session{user.name}" };

    protected static string Token(string user)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(
            new { user = new { name = user }, sid = "s-1", role = "admin", exp = Expiry.ToUnixTimeSeconds() });
        var content = $"{Base64Url.EncodeToString("""{"alg":"HS256"}"""u8)}.{Base64Url.EncodeToString(claims)}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(SigningKey), Encoding.ASCII.GetBytes(content));
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }
}
