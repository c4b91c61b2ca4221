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
