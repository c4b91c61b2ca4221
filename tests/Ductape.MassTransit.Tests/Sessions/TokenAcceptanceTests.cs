using System.Security.Cryptography;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

public class TokenAcceptanceTests
{
    [Fact]
    public async Task An_HMAC_token_bare_and_with_its_tag()
    {
        await using var app = new SessionApp();
        var token = ForgedToken.Hmac(app.Claims());

        Assert.True((await app.PublishAsync(token)).Success);
        Assert.True((await app.PublishAsync($"web:{token}")).Success);
        await using var subscription = await app.Broker.SubscribeAsync(
            Event, _ => Task.CompletedTask, session: new SessionInput { Tag = Tag, Token = token });
    }

    [Fact]
    public async Task A_key_out_of_a_secret()
    {
        await using var app = new SessionApp(Of(
            new { SigningKey = "$Secret{KEY}", Issuer = "https://$Secret{WHO}/", Selector = "$Session{userId}" },
            ("Secrets:KEY", $"\"{SigningKey}\""), ("Secrets:WHO", "\"login\"")));

        Assert.True((await app.PublishAsync(ForgedToken.Hmac(app.Claims(("iss", "https://login/"))))).Success);
    }

    [Fact]
    public async Task Every_listed_algorithm()
    {
        await using var app = new SessionApp(Of(
            new { SigningKey = SigningKey + SigningKey, Algorithms = new[] { "HS512", "HS256" }, Selector = "$Session{userId}" }));

        foreach (var alg in new[] { "HS256", "HS512" })
            Assert.True((await app.PublishAsync(ForgedToken.Hmac(app.Claims(), SigningKey + SigningKey, alg))).Success);
        Assert.Contains("is signed with HS384", await app.RefusalAsync(ForgedToken.Hmac(app.Claims(), SigningKey + SigningKey, "HS384")));
    }

    [Fact]
    public async Task An_RSA_token()
    {
        await using var app = new SessionApp(Of(new { PublicKey = Rsa.PublicPem(), Selector = "$Session{userId}" }));

        Assert.True((await app.PublishAsync(ForgedToken.Rsa(app.Claims(), Rsa))).Success);
        Assert.Contains("has a signature that does not fit", await app.RefusalAsync(ForgedToken.Rsa(app.Claims(), RSA.Create(2048))));
    }

    [Fact]
    public async Task An_elliptic_curve_token()
    {
        await using var app = new SessionApp(Of(new { PublicKey = Ec.PublicPem(), Selector = "$Session{userId}" }));

        Assert.True((await app.PublishAsync(ForgedToken.Ec(app.Claims(), Ec))).Success);
        Assert.Contains("has a signature that does not fit",
            await app.RefusalAsync(ForgedToken.Ec(app.Claims(), ECDsa.Create(ECCurve.NamedCurves.nistP256))));
    }

    [Fact]
    public async Task A_token_of_a_key_set()
    {
        await using var app = new SessionApp(Of(new { Jwks = Jwks(Rsa), Selector = "$Session{userId}" }));

        Assert.True((await app.PublishAsync(ForgedToken.Rsa(app.Claims(), Rsa, "one"))).Success);
        Assert.True((await app.PublishAsync(ForgedToken.Rsa(app.Claims(), Rsa))).Success);
        using var other = RSA.Create(2048);
        Assert.Contains($"is signed with a key that is not among those of Ductape:{Web}:Jwks.",
            await app.RefusalAsync(ForgedToken.Rsa(app.Claims(), other, "two")));
        Assert.Contains("has a signature that does not fit", await app.RefusalAsync(ForgedToken.Rsa(app.Claims(), other, "one")));
    }

    [Theory]
    [InlineData(12345)]
    [InlineData(true)]
    public async Task A_user_that_is_a_number_or_boolean(object user)
    {
        await using var app = new SessionApp();

        Assert.True((await app.PublishAsync(ForgedToken.Hmac(app.Claims(("userId", user))))).Success);
    }

    [Fact]
    public async Task Without_a_selector_the_user_is_the_subject()
    {
        await using var app = new SessionApp(Of(new { SigningKey }));

        Assert.True((await app.PublishAsync(ForgedToken.Hmac(app.Claims(("sub", "jane"))))).Success);
        Assert.Contains("has no claim 'sub'", await app.RefusalAsync(ForgedToken.Hmac(app.Claims())));
    }

    [Fact]
    public async Task More_tokens_than_are_kept_all_pass()
    {
        await using var app = new SessionApp();
        for (var i = 0; i < 5_000; i++)
            await app.PublishAsync(ForgedToken.Hmac(app.Claims(("userId", i))));

        Assert.True((await app.PublishAsync(ForgedToken.Hmac(app.Claims(("userId", 0))))).Success);
    }
}
