using MassTransit;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>
/// What somebody can do with a forwarded token who reads messages and puts others on the broker: nothing, where the
/// proof binds it.
/// </summary>
public class ForwardedTokenTests
{
    private const string TokenHeader = "ductape-session-token";
    private const string ProofHeader = "ductape-session-proof";
    private const string Unproved = "has a session 'web' without a proof.";
    private const string Misfit = "has a session 'web' whose proof does not fit: message or session are not what was published.";

    private static readonly object Secret = new { SigningKey, Selector = "$Session{userId}", Forward = "Token" };
    private static readonly object Public = new { PublicKey = Rsa.PublicPem(), Selector = "$Session{userId}", Forward = "Token" };

    [Theory]
    [InlineData(TokenHeader, null, Misfit)]
    [InlineData(TokenHeader, "another", Misfit)]
    [InlineData(ProofHeader, null, Unproved)]
    [InlineData("ductape-session-user", "admin", Misfit)]
    [InlineData("ductape-session-id", null, Misfit)]
    [InlineData("ductape-session-expires", "2100-01-01T00:00:00Z", Misfit)]
    public async Task Where_there_is_a_secret_every_part_is_bound(string header, string? value, string reason)
    {
        await using var app = new HarnessApp(Secret);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x[header] = value == "another" ? ForgedToken.Hmac(app.Claims(("userId", "admin"))) : value);

        Assert.EndsWith(reason, await app.RefusalAsync());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task The_token_of_one_message_is_worth_nothing_beside_another(bool otherBody, bool otherId)
    {
        await using var app = new HarnessApp(Secret);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, body: otherBody ? "\"forged\"" : "\"original\"", messageId: otherId ? NewId.NextGuid() : null);

        Assert.EndsWith(Misfit, await app.RefusalAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_without_its_proof_is_worth_nothing_whatever_the_type_forwards(bool forward)
    {
        await using var app = new HarnessApp(forward ? Secret : new { SigningKey, Selector = "$Session{userId}" });
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => (x[TokenHeader], x[ProofHeader]) = (ForgedToken.Hmac(app.Claims()), null));

        Assert.EndsWith(Unproved, await app.RefusalAsync());
    }

    [Fact]
    public async Task The_proof_says_when_the_call_was_and_nobody_can_move_it()
    {
        await using var app = new HarnessApp(Secret);
        var calledAt = app.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var original = await app.PublishAsync();
        var proof = original.Headers.Get<string>(ProofHeader)!;
        Assert.StartsWith($"2.{calledAt}.", proof);

        await app.ReplayAsync(original, x => x[ProofHeader] = proof.Replace($".{calledAt}.", $".{calledAt - 1}.", StringComparison.Ordinal));

        Assert.EndsWith(Misfit, await app.RefusalAsync());
    }

    [Fact]
    public async Task What_the_broker_kept_for_long_brings_its_claims()
    {
        await using var app = new HarnessApp(Secret);
        var original = await app.PublishAsync();

        app.Time.Advance(TimeSpan.FromDays(30));
        await app.ReplayAsync(original);

        await Conformance.Eventually.TrueAsync(() => app.Received.Count == 2);
        Assert.All(app.Received, x => Assert.Equal((true, "user_1"), (x.IsVerified, x.Claims!.Value.GetProperty("userId").GetString())));
    }

    // The time of sending in the replayed envelope is the real one, long before the expiry: anybody can write it.
    [Fact]
    public async Task With_public_keys_alone_our_own_clock_judges_the_expiry()
    {
        await using var app = Signed();
        var original = await app.PublishAsync();

        app.Time.Advance(TimeSpan.FromDays(1));
        await app.ReplayAsync(original);

        Assert.Contains("whose token expired at", await app.RefusalAsync());
    }

    [Fact]
    public async Task With_public_keys_alone_the_token_counts_before_the_other_headers_and_is_not_bound_to_the_message()
    {
        await using var app = Signed();
        var original = await app.PublishAsync();
        Assert.Null(original.Headers.Get<string>(ProofHeader));

        await app.ReplayAsync(original, x => (x["ductape-session-user"], x[ProofHeader]) = ("admin", "2.1.AAAA"), "\"another\"", NewId.NextGuid());

        await Conformance.Eventually.TrueAsync(() => app.Received.Count == 2);
        Assert.All(app.Received, x => Assert.Equal((true, "user_1", "user_1"), (x.IsVerified, x.User, x.Claims!.Value.GetProperty("userId").GetString())));
    }

    [Fact]
    public async Task With_public_keys_alone_a_forged_token_is_refused()
    {
        await using var app = Signed();
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x[TokenHeader] = ForgedToken.Hmac(app.Claims(), Rsa.PublicPem()));

        Assert.Contains("has a session 'web' whose token is signed with HS256", await app.RefusalAsync());
    }

    [Fact]
    public async Task With_public_keys_alone_a_token_with_a_claim_that_is_there_twice_is_refused()
    {
        await using var app = Signed();
        var original = await app.PublishAsync();
        var claims = $$"""{ "userId": "admin", "userId": "user_1", "exp": {{app.Time.In(3600)}} }""";

        await app.ReplayAsync(original, x => x[TokenHeader] = ForgedToken.Rsa(System.Text.Encoding.UTF8.GetBytes(claims), Rsa));

        Assert.Contains("whose token has the same name twice in one object among its claims", await app.RefusalAsync());
    }

    private static HarnessApp Signed()
    {
        var claims = new { userId = "user_1", sid = "s-1", exp = new FakeTime().In(3600) };
        return new HarnessApp(Public) { Token = ForgedToken.Rsa(claims, Rsa) };
    }
}
