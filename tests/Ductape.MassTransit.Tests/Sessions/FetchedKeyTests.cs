using System.Security.Cryptography;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

public class FetchedKeyTests
{
    [Fact]
    public async Task Keys_are_fetched_once_and_again_for_a_key_that_is_not_there()
    {
        using var issuer = new KeyServer { Jwks = Jwks(Rsa) };
        await using var app = new SessionApp(Of(new { JwksUri = issuer.JwksUri, Selector = "$Session{userId}" }));
        using var next = RSA.Create(2048);
        await app.PublishAsync(ForgedToken.Rsa(app.Claims(), Rsa, "one"));
        await app.PublishAsync(ForgedToken.Rsa(app.Claims(("userId", "other")), Rsa, "one"));
        Assert.Equal(1, issuer.Requests);

        issuer.Jwks = Jwks(next, "two");
        Assert.Contains($"is signed with a key that is not among those of Ductape:{Web}:JwksUri.",
            await app.RefusalAsync(ForgedToken.Rsa(app.Claims(), next, "two")));
        Assert.Equal(1, issuer.Requests);

        app.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await app.PublishAsync(ForgedToken.Rsa(app.Claims(), next, "two"))).Success);
        Assert.Equal(2, issuer.Requests);
    }

    [Fact]
    public async Task An_issuer_out_of_reach_is_no_reason_to_accept_a_token_and_is_asked_again()
    {
        using var issuer = new KeyServer();
        await using var app = new SessionApp(Of(new { JwksUri = issuer.JwksUri, Selector = "$Session{userId}" }));
        var token = ForgedToken.Rsa(app.Claims(), Rsa, "one");

        Assert.Equal($"the token of the session 'web' cannot be verified: the keys of Ductape:{Web}:JwksUri could not be fetched: check the address "
            + "and that it answers.", await app.RefusalAsync(token));

        issuer.Jwks = Jwks(Rsa);
        Assert.True((await app.PublishAsync(token)).Success);
    }

    [Fact]
    public async Task The_last_keys_go_on_while_the_issuer_does_not_answer()
    {
        using var issuer = new KeyServer { Jwks = Jwks(Rsa) };
        await using var app = new SessionApp(Of(new { JwksUri = issuer.JwksUri, Selector = "$Session{userId}" }));
        await app.PublishAsync(ForgedToken.Rsa(app.Claims(), Rsa, "one"));

        issuer.Jwks = null;
        app.Time.Advance(TimeSpan.FromHours(13));

        Assert.True((await app.PublishAsync(ForgedToken.Rsa(app.Claims(), Rsa, "one"))).Success);
        Assert.True(issuer.Requests > 1);
    }

    [Fact]
    public async Task The_last_keys_go_on_for_a_day_and_no_longer()
    {
        using var issuer = new KeyServer { Jwks = Jwks(Rsa) };
        await using var app = Fetching(issuer);
        var token = ForgedToken.Rsa(app.Claims(("exp", app.Time.In(7 * 86_400))), Rsa, "one");
        await app.PublishAsync(token);

        issuer.Jwks = null;
        app.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.True((await app.PublishAsync(token)).Success);
        app.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains($"the keys of Ductape:{Web}:JwksUri could not be fetched", await app.RefusalAsync(token));
    }

    [Fact]
    public async Task A_token_that_was_verified_dies_with_its_key()
    {
        using var issuer = new KeyServer { Jwks = Jwks(Rsa) };
        await using var app = Fetching(issuer);
        using var next = RSA.Create(2048);
        var token = ForgedToken.Rsa(app.Claims(), Rsa, "one");
        await app.PublishAsync(token);

        issuer.Jwks = Jwks(next, "two");
        app.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Contains("is signed with a key that is not among those", await app.RefusalAsync(token));
        Assert.True((await app.PublishAsync(ForgedToken.Rsa(app.Claims(), next, "two"))).Success);
    }

    [Fact]
    public async Task While_tokens_come_the_keys_are_fetched_beside_them()
    {
        using var issuer = new KeyServer { Jwks = Jwks(Rsa) };
        await using var app = Fetching(issuer);
        using var next = RSA.Create(2048);
        var answering = new TaskCompletionSource();
        var token = ForgedToken.Rsa(app.Claims(), Rsa, "one");
        await app.PublishAsync(token);

        (issuer.Jwks, issuer.Answering) = (Jwks(next, "two"), answering.Task);
        app.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.True((await app.PublishAsync(token)).Success);
        answering.SetResult();

        await Conformance.Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => app.PublishAsync(token)) is DuctapeException);
        Assert.Equal(2, issuer.Requests);
    }

    [Fact]
    public async Task The_same_keys_fetched_again_change_nothing()
    {
        using var issuer = new KeyServer { Jwks = Jwks(Rsa) };
        await using var app = Fetching(issuer);
        var token = ForgedToken.Rsa(app.Claims(("exp", app.Time.In(86_400))), Rsa, "one");
        await app.PublishAsync(token);

        app.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.True((await app.PublishAsync(token)).Success);

        Assert.Equal(2, issuer.Requests);
    }

    [Fact]
    public async Task A_new_key_under_the_name_of_the_old_one_is_found()
    {
        using var issuer = new KeyServer { Jwks = Jwks(Rsa) };
        await using var app = Fetching(issuer);
        using var next = RSA.Create(2048);
        var old = ForgedToken.Rsa(app.Claims(), Rsa, "one");
        await app.PublishAsync(old);

        issuer.Jwks = Jwks(next);
        app.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.True((await app.PublishAsync(ForgedToken.Rsa(app.Claims(), next, "one"))).Success);
        Assert.Contains("has a signature that does not fit", await app.RefusalAsync(old));
        Assert.Equal(2, issuer.Requests);
    }

    [Fact]
    public async Task Many_unknown_tokens_at_once_ask_the_issuer_once()
    {
        using var issuer = new KeyServer { Jwks = Jwks(Rsa) };
        await using var app = Fetching(issuer);
        using var other = RSA.Create(2048);
        await app.PublishAsync(ForgedToken.Rsa(app.Claims(), Rsa, "one"));
        app.Time.Advance(TimeSpan.FromMinutes(1));

        var errors = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            x => Record.ExceptionAsync(() => app.PublishAsync(ForgedToken.Rsa(app.Claims(("userId", $"user_{x}")), other, $"key-{x}"))).AsTask()));

        Assert.All(errors, x => Assert.Equal(DuctapeErrorCodes.SessionInvalid, Assert.IsType<DuctapeException>(x).Code));
        Assert.Equal(2, issuer.Requests);
    }

    [Fact]
    public async Task An_issuer_that_takes_all_its_keys_back_is_heard_and_a_page_of_a_proxy_is_not()
    {
        using var issuer = new KeyServer { Jwks = Jwks(Rsa) };
        await using var app = Fetching(issuer);
        var token = ForgedToken.Rsa(app.Claims(), Rsa, "one");
        await app.PublishAsync(token);

        issuer.Jwks = """{ "error": "try later" }""";
        app.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.True((await app.PublishAsync(token)).Success);

        issuer.Jwks = """{ "keys": [] }""";
        app.Time.Advance(TimeSpan.FromMinutes(1));
        await Conformance.Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => app.PublishAsync(token)) is DuctapeException);
        Assert.Contains($"Ductape:{Web}:JwksUri publishes no key for RS256, ES256.", await app.RefusalAsync(token));
    }

    private static SessionApp Fetching(KeyServer issuer) => new(Of(new { issuer.JwksUri, Selector = "$Session{userId}" }));

    [Fact]
    public async Task Keys_that_no_algorithm_fits_are_not_used()
    {
        using var issuer = new KeyServer { Jwks = Jwks(RSA.Create(1024)) };
        await using var app = new SessionApp(Of(new { JwksUri = issuer.JwksUri }));

        Assert.Contains($"Ductape:{Web}:JwksUri publishes no key for RS256, ES256.",
            await app.RefusalAsync(ForgedToken.Rsa(app.Claims(), Rsa, "one")));
    }

    [Fact]
    public async Task An_authority_gives_keys_and_issuer()
    {
        using var issuer = new KeyServer { Jwks = Jwks(Rsa) };
        await using var app = new SessionApp(Of(new { Authority = issuer.Address, Selector = "$Session{userId}", Audience = "orders" }));

        Assert.True((await app.PublishAsync(ForgedToken.Rsa(app.Claims(("iss", issuer.Address), ("aud", "orders")), Rsa, "one"))).Success);
        Assert.Contains($"has not the issuer '{issuer.Address}'.",
            await app.RefusalAsync(ForgedToken.Rsa(app.Claims(("iss", "https://other"), ("aud", "orders")), Rsa, "one")));
    }
}
