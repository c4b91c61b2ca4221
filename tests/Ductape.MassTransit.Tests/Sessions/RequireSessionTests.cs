using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

public class RequireSessionTests
{
    private const string Guest = $"{Product}:Sessions:guest";
    private static readonly object Web = new { SigningKey, Selector = "$Session{userId}" };
    private static readonly string Json = Of(Web,
        ($"{Topic}:RequireSession", """["web"]"""), (Guest, $$"""{ "SigningKey": "{{SigningKey}}", "Selector": "$Session{userId}" }"""));

    [Fact]
    public async Task Publishing_without_a_session_is_refused()
    {
        await using var app = new SessionApp(Json);

        foreach (var session in new[] { null, new SessionInput() })
        {
            var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Event, 1, session: session));
            Assert.Equal(
                "SESSION_INVALID: 'sqsbroker:new-orders' requires a session of 'web', and 'session' is missing. Give the publish a session, { tag, token }.", error.Message);
        }
    }

    [Fact]
    public async Task Publishing_with_a_session_of_another_type_is_refused()
    {
        await using var app = new SessionApp(Json);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.PublishAsync(ForgedToken.Hmac(app.Claims()), tag: "guest"));

        Assert.Equal(
            "SESSION_INVALID: 'sqsbroker:new-orders' requires a session of 'web', and 'session.tag' is 'guest'. Give the publish a session, { tag, token }.",
            error.Message);
    }

    [Fact]
    public async Task A_token_that_names_its_session_needs_the_tag_all_the_same()
    {
        await using var app = new SessionApp(Json);

        var error = await Assert.ThrowsAsync<DuctapeException>(() =>
            app.Broker.PublishAsync(Event, 1, session: new SessionInput { Token = $"web:{ForgedToken.Hmac(app.Claims())}" }));

        Assert.EndsWith("requires a session of 'web', and 'session.tag' is missing. Give the publish a session, { tag, token }.", error.Message);
    }

    [Fact]
    public async Task Publishing_with_a_session_that_does_not_verify_is_refused_and_with_one_that_does_is_not()
    {
        await using var app = new SessionApp(Json);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.PublishAsync(ForgedToken.Hmac(app.Claims(("exp", app.Time.In(-60))))));

        Assert.Equal(DuctapeErrorCodes.SessionInvalid, error.Code);
        Assert.True((await app.PublishAsync(ForgedToken.Hmac(app.Claims()))).Success);
    }

    [Fact]
    public void An_unknown_session_is_a_problem_at_start_up() => Assert.Equal(
        [$"Ductape:{Topic}:RequireSession:1: the product has no session 'wbe'. Did you mean 'web'? Configured: 'web'."],
        StartUp.Problems(Of(Web, ($"{Topic}:RequireSession", """["web", "wbe"]"""))));

    [Fact]
    public void A_session_that_a_receiver_could_not_verify_is_a_problem_at_start_up()
    {
        var key = new { PublicKey = Rsa.PublicPem() };

        Assert.Equal(
            [$"Ductape:{Topic}:VerifyOnReceive: the session 'web' has a PublicKey and does not forward its token, so a receiver has nothing to verify. "
                + "Give it \"Forward\": \"Token\" or a SigningKey, or name in RequireSession only sessions that can be verified."],
            StartUp.Problems(Of(key, ($"{Topic}:VerifyOnReceive", "true"))));
        Assert.Empty(StartUp.Problems(Of(new { key.PublicKey, Forward = "Token" }, ($"{Topic}:VerifyOnReceive", "true"))));
        Assert.Empty(StartUp.Problems(Of(key, ($"{Topic}:VerifyOnReceive", "true"), ($"{Topic}:RequireSession", """["guest"]"""),
            (Guest, $$"""{ "SigningKey": "{{SigningKey}}" }"""))));
    }

    [Fact]
    public void Verifying_the_expiry_without_verifying_is_a_problem_at_start_up() => Assert.Equal(
        [$"Ductape:{Topic}:VerifyExpiryOnReceive: it has no effect without VerifyOnReceive; set that to true as well."],
        StartUp.Problems(Of(Web, ($"{Topic}:VerifyExpiryOnReceive", "true"))));
}
