using System.Security.Cryptography;
using System.Text;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>Every way a token can be wrong, with the reason in words. Nothing is published.</summary>
public class TokenRefusalTests
{
    private const string Token = "the token of the session 'web' ";
    private const string Malformed = Token + "is not a signed JSON Web Token (RFC 7519): three parts, separated by dots, each in base64url, "
        + "the first two JSON objects with times in seconds.";
    private static readonly string RsaJson = Of(new { PublicKey = Rsa.PublicPem(), Selector = "$Session{userId}" });

    [Fact]
    public async Task A_bad_signature()
    {
        await using var app = new SessionApp();

        Assert.Equal($"{Token}has a signature that does not fit its content and Ductape:{Web}:SigningKey.",
            await app.RefusalAsync(ForgedToken.Hmac(app.Claims(), "another signing key of the same length!")));
    }

    [Fact]
    public async Task Claims_changed_after_signing()
    {
        await using var app = new SessionApp();
        var (mine, other) = (ForgedToken.Hmac(app.Claims()).Split('.'), ForgedToken.Hmac(app.Claims(("userId", "admin"))).Split('.'));

        Assert.Contains("has a signature that does not fit", await app.RefusalAsync($"{mine[0]}.{other[1]}.{mine[2]}"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    public async Task An_algorithm_of_none(string alg)
    {
        await using var app = new SessionApp();

        Assert.Equal(Token + "is not signed: its algorithm is 'none'.",
            await app.RefusalAsync(ForgedToken.Signed(new { alg }, app.Claims(), _ => [])));
        Assert.Equal(Token + "is not signed: its algorithm is 'none'.",
            await app.RefusalAsync(ForgedToken.Signed(new { alg }, app.Claims(), x => HMACSHA256.HashData(Encoding.UTF8.GetBytes(SigningKey), x))));
    }

    [Fact]
    public async Task No_algorithm()
    {
        await using var app = new SessionApp();

        Assert.Equal(Token + "is not signed: its algorithm is 'none'.",
            await app.RefusalAsync(ForgedToken.Signed(new { typ = "JWT" }, app.Claims(), _ => [1, 2, 3])));
    }

    [Fact]
    public async Task An_HMAC_token_signed_with_the_public_key()
    {
        await using var app = new SessionApp(RsaJson);

        foreach (var key in new[] { Encoding.UTF8.GetBytes(Rsa.PublicPem()), Rsa.ExportSubjectPublicKeyInfo(), Rsa.ExportRSAPublicKey() })
        {
            Assert.Equal($"{Token}is signed with HS256, and Ductape:{Web} accepts RS256.",
                await app.RefusalAsync(ForgedToken.Hmac(app.Claims(), key)));
        }
    }

    [Theory]
    [InlineData("HS384", "HS384")]
    [InlineData("HS512", "HS512")]
    [InlineData("marker-secret", "an algorithm that is not known")]
    public async Task An_algorithm_that_is_not_listed(string alg, string shown)
    {
        await using var app = new SessionApp();

        Assert.Equal($"{Token}is signed with {shown}, and Ductape:{Web} accepts HS256.",
            await app.RefusalAsync(ForgedToken.Hmac(app.Claims(), alg: alg)));
    }

    [Fact]
    public async Task An_expired_token()
    {
        await using var app = new SessionApp();
        var token = ForgedToken.Hmac(app.Claims());
        await app.PublishAsync(token);

        app.Time.Advance(TimeSpan.FromSeconds(3600 + 29));
        await app.PublishAsync(token);
        app.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Matches(Token + @"expired at \S+, and it is \S+\. Start or refresh the session\.", await app.RefusalAsync(token));
        Assert.Contains("expired at", await app.RefusalAsync(ForgedToken.Hmac(app.Claims(("exp", app.Time.In(-31))))));
    }

    [Fact]
    public async Task A_token_that_is_not_valid_yet()
    {
        await using var app = new SessionApp();
        var token = ForgedToken.Hmac(app.Claims(("nbf", app.Time.In(31))));

        Assert.Matches(Token + @"is not valid before \S+, and it is \S+\.", await app.RefusalAsync(token));

        app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await app.PublishAsync(token)).Success);
    }

    [Fact]
    public async Task The_clock_skew_is_configured()
    {
        await using var app = new SessionApp(Of(new { SigningKey, Selector = "$Session{userId}", ClockSkew = "00:00:00" }));
        var token = ForgedToken.Hmac(app.Claims(("exp", app.Time.In(1))));
        await app.PublishAsync(token);

        app.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("expired at", await app.RefusalAsync(token));
    }

    [Theory]
    [InlineData("someone")]
    [InlineData(null)]
    public async Task A_wrong_issuer(string? issuer)
    {
        await using var app = new SessionApp(Of(new { SigningKey, Selector = "$Session{userId}", Issuer = "https://login" }));
        await app.PublishAsync(ForgedToken.Hmac(app.Claims(("iss", "https://login"))));

        Assert.Equal(Token + "has not the issuer 'https://login'.", await app.RefusalAsync(ForgedToken.Hmac(app.Claims(("iss", issuer)))));
    }

    [Theory]
    [InlineData("someone")]
    [InlineData(null)]
    public async Task A_wrong_audience(string? audience)
    {
        await using var app = new SessionApp(Of(new { SigningKey, Selector = "$Session{userId}", Audience = "orders" }));
        await app.PublishAsync(ForgedToken.Hmac(app.Claims(("aud", new[] { "billing", "orders" }))));

        Assert.Equal(Token + "is not meant for the audience 'orders'.", await app.RefusalAsync(ForgedToken.Hmac(app.Claims(("aud", audience)))));
    }

    [Fact]
    public async Task No_expiry()
    {
        await using var app = new SessionApp();

        Assert.Equal(Token + "has no expiry ('exp'), so that it would be valid for ever.",
            await app.RefusalAsync(ForgedToken.Hmac(app.Claims(("exp", null)))));
    }

    [Fact]
    public async Task An_unknown_tag()
    {
        await using var app = new SessionApp();

        Assert.Equal("the product 'my_product' has no session 'wbe'. Did you mean 'web'? Configured: 'web'.",
            await app.RefusalAsync(ForgedToken.Hmac(app.Claims()), "wbe"));
    }

    [Fact]
    public async Task Tags_that_do_not_agree()
    {
        await using var app = new SessionApp();
        var token = ForgedToken.Hmac(app.Claims());

        foreach (var tag in new[] { "mobile:", ":", "web:web:", " web:" })
        {
            Assert.Equal(tag == "web:web:" ? Malformed : Token
                + "begins with another session tag: 'session.tag' and the tag before the token's colon must agree.", await app.RefusalAsync(tag + token));
        }

        Assert.True((await app.PublishAsync($"web:{token}")).Success);
        Assert.True((await app.PublishAsync($"WEB:{token}")).Success);
    }

    public static TheoryData<object?> NoUser => new(new object?[] { null, "", new[] { 1 }, new Dictionary<string, object>() });

    [Theory]
    [MemberData(nameof(NoUser), DisableDiscoveryEnumeration = true)]
    public async Task A_missing_selector_claim(object? user)
    {
        await using var app = new SessionApp();

        Assert.Equal($"{Token}has no claim 'userId' with a plain value, which Ductape:{Web}:Selector says is the user.",
            await app.RefusalAsync(ForgedToken.Hmac(app.Claims(("userId", user)))));
    }

    [Fact]
    public async Task A_missing_claim_on_the_way_to_the_selector()
    {
        await using var app = new SessionApp(Of(new { SigningKey, Selector = "$Session{details.username}" }));
        await app.PublishAsync(ForgedToken.Hmac(app.Claims(("details", new { username = "jane" }))));

        foreach (var details in new object[] { "jane", new { }, new { username = new { } } })
            Assert.Contains("has no claim 'details.username'", await app.RefusalAsync(ForgedToken.Hmac(app.Claims(("details", details)))));
    }

    [Theory]
    [InlineData("not a token")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("a.b.c.d.e")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.!!!!.c2ln")]
    [InlineData("\0")]
    public async Task A_malformed_token(string token)
    {
        await using var app = new SessionApp();

        Assert.Equal(Malformed, await app.RefusalAsync(token));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Claims_that_are_no_object(string claims)
    {
        await using var app = new SessionApp();

        Assert.Equal(Malformed, await app.RefusalAsync(ForgedToken.Hmac(Encoding.UTF8.GetBytes(claims))));
    }

    [Fact]
    public async Task A_huge_token()
    {
        await using var app = new SessionApp();
        var token = ForgedToken.Hmac(app.Claims(("padding", new string('x', 16_384))));

        Assert.Equal($"{Token}is too long: it has {token.Length} characters, and at most 16384 are accepted.", await app.RefusalAsync(token));
    }

    [Fact]
    public async Task A_demanded_extension()
    {
        await using var app = new SessionApp();

        Assert.Equal(Token + "demands an extension ('crit') that is not supported.", await app.RefusalAsync(ForgedToken.Signed(
            new { alg = "HS256", crit = new[] { "exp" } }, app.Claims(), x => HMACSHA256.HashData(Encoding.UTF8.GetBytes(SigningKey), x))));
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("nbf")]
    [InlineData("iat")]
    public async Task A_time_that_is_no_number(string claim)
    {
        await using var app = new SessionApp();

        Assert.Equal(Malformed, await app.RefusalAsync(ForgedToken.Hmac(app.Claims((claim, "now")))));
    }

    [Fact]
    public async Task An_unknown_secret()
    {
        await using var app = new SessionApp(Of(new { SigningKey = "$Secret{NO_SUCH_SESSION_KEY}" }));

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.PublishAsync(ForgedToken.Hmac(app.Claims())));

        Assert.Equal(DuctapeErrorCodes.SecretNotFound, error.Code);
        Assert.Contains($"Ductape:{Web}:SigningKey: it refers to the secret 'NO_SUCH_SESSION_KEY'", error.Message);
    }

    [Fact]
    public async Task A_secret_that_is_too_short_for_a_key()
    {
        await using var app = new SessionApp(Of(new { SigningKey = "$Secret{KEY}" }, ("Secrets:KEY", "\"marker-secret\"")));

        var refusal = await app.RefusalAsync(ForgedToken.Hmac(app.Claims()));

        Assert.StartsWith($"{Token}cannot be verified: Ductape:{Web}:SigningKey: it is too short: it has 13 bytes", refusal);
    }
}
