using Ductape.MassTransit.Tests.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

public class SessionsTests
{
    private static readonly object Jane = new { userId = "jane", details = new { role = "admin" } };

    [Fact]
    public async Task A_started_session_verifies_and_publishes()
    {
        await using var app = new SessionApp();

        var started = await Sessions(app).StartAsync(Tag, Jane);
        var verified = await Sessions(app).VerifyAsync(Tag, started.Token, product: "my_product", env: "dev");

        Assert.StartsWith("web:", started.Token);
        Assert.Equal(app.Time.GetUtcNow().AddHours(1), started.ExpiresAt);
        Assert.Equal((true, started.SessionId, (DateTimeOffset?)started.ExpiresAt), (verified.Valid, verified.SessionId, verified.ExpiresAt));
        Assert.Equal("""{"userId":"jane","details":{"role":"admin"}}""", verified.Data!.Value.GetRawText());
        Assert.True((await app.PublishAsync(started.Token)).Success);
        Assert.Equal(43, started.RefreshToken.Length);
    }

    [Theory]
    [InlineData(2, "days")]
    [InlineData("48", null)]
    [InlineData(2880, "Minutes")]
    [InlineData("2.00:00:00", null)]
    [InlineData("2.00:00", "seconds")]
    public async Task Expiry_period_issuer_and_audience_are_as_configured(object expiry, string? period)
    {
        await using var app = new SessionApp(Of(
            new { SigningKey, Selector = "$Session{userId}", Expiry = expiry, Period = period, Issuer = "us", Audience = "them" }));

        var started = await Sessions(app).StartAsync(Tag, Jane);

        Assert.Equal(app.Time.GetUtcNow().AddDays(2), started.ExpiresAt);
        Assert.True((await Sessions(app).VerifyAsync(Tag, started.Token)).Valid);
    }

    [Fact]
    public async Task An_expired_or_forged_token_is_not_valid_and_says_why()
    {
        await using var app = new SessionApp();
        var started = await Sessions(app).StartAsync(Tag, Jane);

        var forged = await Sessions(app).VerifyAsync(Tag, started.Token[..^6] + "AAAAAA");
        app.Time.Advance(TimeSpan.FromMinutes(61));
        var expired = await Sessions(app).VerifyAsync(Tag, started.Token);

        Assert.Equal((false, null, null), (forged.Valid, forged.SessionId, forged.Data));
        Assert.Contains("has a signature that does not fit", forged.Reason);
        Assert.False(expired.Valid);
        Assert.Contains("expired at", expired.Reason);
        Assert.False((await Sessions(app).VerifyAsync(Tag, " ")).Valid);
    }

    [Fact]
    public async Task A_token_of_another_session_type_or_environment_with_the_same_key_is_refused()
    {
        await using var app = new SessionApp(Of(new { SigningKey, Selector = "$Session{userId}" },
            ($"{Product}:Sessions:guest", $$"""{ "SigningKey": "{{SigningKey}}", "Selector": "$Session{userId}" }"""), ($"{Stg}:Type", "\"IN_MEMORY\"")));
        var jwt = (await Sessions(app).StartAsync("guest", Jane, env: "dev")).Token["guest:".Length..];

        Assert.EndsWith("was issued for another session type.", (await Sessions(app).VerifyAsync(Tag, jwt, env: "dev")).Reason);
        Assert.EndsWith("was issued for another environment.", (await Sessions(app).VerifyAsync("guest", jwt, env: "stg")).Reason);
    }

    [Theory]
    [InlineData("""{ "name": "jane" }""", "'data' has no 'userId' with a plain value, which Ductape:Products:my_product:Sessions:web:Selector says is the user.")]
    [InlineData("""{ "userId": "jane", "exp": 1 }""", "'data.exp' is reserved: the library sets it itself. Use another name.")]
    [InlineData("""{ "userId": "jane", "ductape": 1 }""", "'data.ductape' is reserved: the library sets it itself. Use another name.")]
    [InlineData("[1]", "'data' is not a JSON object: give one, as { \"userId\": \"user_1\" }.")]
    public async Task Data_that_cannot_be_used_is_refused(string data, string problem)
    {
        await using var app = new SessionApp();

        var error = await Assert.ThrowsAsync<DuctapeException>(
            () => Sessions(app).StartAsync(Tag, System.Text.Json.Nodes.JsonNode.Parse(data)!));

        Assert.Equal($"INVALID_INPUT: {problem}", error.Message);
    }

    [Theory]
    [InlineData("""{ "userId": "jane", "x": 1, "x": 2 }""", "the same name twice in one object")]
    [InlineData("""{ "userId": "jane", "x": { "y": 1, "\u0079": 2 } }""", "the same name twice in one object")]
    [InlineData("""{ "userId": "jane", "\ud800": 1 }""", "a name with half of a surrogate pair")]
    public async Task Data_whose_names_are_no_names_of_claims_are_refused(string data, string problem)
    {
        await using var app = new SessionApp();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).StartAsync(Tag, System.Text.Encoding.UTF8.GetBytes(data)));

        Assert.Equal($"INVALID_INPUT: 'data' has {problem}, and a claim has a name of its own (RFC 7519, section 4). Rename it.", error.Message);
    }

    [Fact]
    public async Task Data_that_is_missing_or_throws_is_refused()
    {
        await using var app = new SessionApp();

        var missing = await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).StartAsync(Tag, null!));
        var thrown = await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).StartAsync(Tag, new Throwing()));

        Assert.Equal("INVALID_INPUT: 'data' is required and is missing: give a JSON object, as { \"userId\": \"user_1\" }.", missing.Message);
        Assert.Equal(("INVALID_INPUT: 'data' cannot be written as JSON.", "dev", "my_product"), (thrown.Message, thrown.Env, thrown.ProductTag));
        Assert.IsType<TimeoutException>(thrown.InnerException);
    }

    [Theory]
    [InlineData(""" "x": 1, "x": 2 """, "the same name twice in one object")]
    [InlineData(""" "x": { "y": 1, "y": 2 } """, "the same name twice in one object")]
    [InlineData(""" "sid": "s-2" """, "the same name twice in one object")]
    [InlineData(""" "\ud800": 1 """, "a name with half of a surrogate pair")]
    public async Task A_token_whose_claims_have_names_that_are_not_one_is_not_valid_anywhere(string claims, string problem)
    {
        await using var app = new SessionApp();
        var token = ForgedToken.Hmac(System.Text.Encoding.UTF8.GetBytes($$"""{ "userId": "jane", "sid": "s-1", "exp": {{app.Time.In(60)}}, {{claims}} }"""));

        var verified = await Sessions(app).VerifyAsync(Tag, token);

        Assert.False(verified.Valid);
        Assert.Contains(verified.Reason, (string[])[
            $"the token of the session 'web' has {problem} among its claims, so that two who read it may not read the same.",
            "the token of the session 'web' is not a signed JSON Web Token (RFC 7519): three parts, separated by dots, each in base64url, "
                + "the first two JSON objects with times in seconds."]);
        Assert.Equal(verified.Reason, await app.RefusalAsync(token));
    }

    [Fact]
    public async Task A_claim_that_is_no_text_is_shown_as_it_is_written()
    {
        await using var app = new SessionApp();

        var token = ForgedToken.Hmac(System.Text.Encoding.UTF8.GetBytes($$"""{"userId":"jane","exp":{{app.Time.In(60)}},"x":["\ud800",1.0]}"""));
        var verified = await Sessions(app).VerifyAsync(Tag, token);
        var error = await Assert.ThrowsAsync<DuctapeException>(
            () => Sessions(app).StartAsync(Tag, """{"userId":"jane","x":["\ud800",1.0]}"""u8.ToArray()));

        Assert.Equal("""{"userId":"jane","x":["\ud800",1.0]}""", verified.Data?.GetRawText());
        Assert.Equal("INVALID_INPUT: 'data' has a string with half of a surrogate pair, which no text can have. Escape the whole pair, or none.", error.Message);
    }

    [Fact]
    public async Task Who_cannot_sign_cannot_start_a_session()
    {
        await using var app = new SessionApp(Of(new { PublicKey = Rsa.PublicPem(), Selector = "$Session{userId}" }));

        var error = await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).StartAsync(Tag, Jane));

        Assert.Equal("SESSION_INVALID: the session 'web' cannot issue tokens: it has a PublicKey, and only who has a SigningKey can sign.", error.Message);
    }

    [Fact]
    public async Task An_unknown_product_environment_or_tag_is_named()
    {
        await using var app = new SessionApp();

        async Task<string> CodeAsync(string product, string env, string tag) =>
            (await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).StartAsync(tag, Jane, product: product, env: env))).Code;
        Assert.Equal(DuctapeErrorCodes.ProductNotFound, await CodeAsync("other", "dev", Tag));
        Assert.Equal(DuctapeErrorCodes.BrokerEnvNotFound, await CodeAsync("my_product", "dve", Tag));
        Assert.Equal(DuctapeErrorCodes.SessionInvalid, await CodeAsync("my_product", "dev", "wbe"));
    }

    [Fact]
    public async Task A_refresh_token_renews_the_session_once()
    {
        await using var app = new SessionApp();
        var started = await Sessions(app).StartAsync(Tag, Jane);
        app.Time.Advance(TimeSpan.FromHours(2));

        var renewed = await Sessions(app).RefreshAsync(Tag, started.RefreshToken);
        var reused = await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).RefreshAsync(Tag, started.RefreshToken));

        Assert.Equal(started.SessionId, renewed.SessionId);
        Assert.True((await Sessions(app).VerifyAsync(Tag, renewed.Token)).Valid);
        Assert.Equal("SESSION_INVALID: the refresh token of the session 'web' was used before; every refresh token works once. Start a new session.",
            reused.Message);
        Assert.NotEqual(started.RefreshToken, renewed.RefreshToken);
        Assert.Equal(1, (await Sessions(app).ListActiveAsync(Tag)).Total);
    }

    [Fact]
    public async Task Of_many_that_use_a_refresh_token_at_once_one_succeeds()
    {
        await using var app = new SessionApp();
        var started = await Sessions(app).StartAsync(Tag, Jane);

        async Task<bool> SucceedsAsync()
        {
            try
            {
                await Sessions(app).RefreshAsync(Tag, started.RefreshToken);
                return true;
            }
            catch (DuctapeException)
            {
                return false;
            }
        }

        var succeeded = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(SucceedsAsync)));

        Assert.Equal(1, succeeded.Count(x => x));
    }

    [Fact]
    public async Task An_unknown_or_old_refresh_token_is_refused()
    {
        await using var app = new SessionApp();
        var started = await Sessions(app).StartAsync(Tag, Jane);
        app.Time.Advance(TimeSpan.FromDays(30));

        foreach (var token in new[] { "marker-secret", started.RefreshToken })
        {
            var error = await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).RefreshAsync(Tag, token));
            Assert.Equal("SESSION_INVALID: the refresh token of the session 'web' is unknown or too old. Start a new session.", error.Message);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revoked_session_is_refused_everywhere(bool byUser)
    {
        await using var app = new SessionApp();
        var started = await Sessions(app).StartAsync(Tag, Jane);
        await app.PublishAsync(started.Token);

        await Sessions(app).RevokeAsync(Tag, sessionId: byUser ? null : started.SessionId, user: byUser ? "jane" : null);

        Assert.Equal("the token of the session 'web' was revoked. Start a new session.", await app.RefusalAsync(started.Token));
        Assert.False((await Sessions(app).VerifyAsync(Tag, started.Token)).Valid);
        Assert.Equal(0, (await Sessions(app).ListActiveAsync(Tag)).Total);
        var refresh = await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).RefreshAsync(Tag, started.RefreshToken));
        Assert.Contains("is of a session that was revoked.", refresh.Message);

        app.Time.Advance(TimeSpan.FromSeconds(1));
        var again = await Sessions(app).StartAsync(Tag, Jane);
        Assert.True((await app.PublishAsync(again.Token)).Success);
    }

    [Fact]
    public async Task Tokens_of_another_issuer_can_be_revoked_too()
    {
        await using var app = new SessionApp();
        await Sessions(app).RevokeAsync(Tag, sessionId: "s-1");
        await Sessions(app).RevokeAsync(Tag, user: "user_2");

        Assert.Contains("was revoked", await app.RefusalAsync(ForgedToken.Hmac(app.Claims())));
        Assert.Contains("was revoked", await app.RefusalAsync(ForgedToken.Hmac(app.Claims(("userId", "user_2"), ("sid", "s-2")))));
        Assert.True((await app.PublishAsync(ForgedToken.Hmac(app.Claims(("userId", "user_2"), ("sid", "s-2"), ("iat", app.Time.In(1)))))).Success);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("s", "u")]
    public async Task Revoking_takes_a_session_or_a_user(string? sessionId, string? user)
    {
        await using var app = new SessionApp();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).RevokeAsync(Tag, sessionId: sessionId, user: user));

        Assert.Equal(DuctapeErrorCodes.InvalidInput, error.Code);
    }

    [Fact]
    public async Task Active_sessions_come_in_pages_the_latest_first()
    {
        await using var app = new SessionApp();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, (await Sessions(app).StartAsync(Tag, new { userId = $"user_{i % 2}" })).SessionId);
            app.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var second = await Sessions(app).ListActiveAsync(Tag, page: 2, limit: 2);
        var ofOne = await Sessions(app).ListActiveAsync(Tag, user: "user_1");
        app.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(2));

        Assert.Equal((5, 2, 2), (second.Total, second.Page, second.Limit));
        Assert.Equal(ids[2..4], second.Sessions.Select(x => x.SessionId));
        Assert.Equal(["user_1", "user_1"], ofOne.Sessions.Select(x => x.User));
        Assert.Equal([ids[0]], (await Sessions(app).ListActiveAsync(Tag)).Sessions.Select(x => x.SessionId));
        await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).ListActiveAsync(Tag, page: 0));
        await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).ListActiveAsync(Tag, limit: 1001));
    }

    [Fact]
    public async Task Instances_share_revocations_and_refresh_tokens_through_the_applications_cache()
    {
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        var time = new FakeTime();
        await using var one = new SessionApp(time: time, more: x => x.AddSingleton<IDistributedCache>(cache));
        await using var two = new SessionApp(time: time, more: x => x.AddSingleton<IDistributedCache>(cache));
        var started = await Sessions(one).StartAsync(Tag, Jane);
        await two.PublishAsync(started.Token);

        var renewed = await Sessions(two).RefreshAsync(Tag, started.RefreshToken);
        await Sessions(one).RevokeAsync(Tag, sessionId: renewed.SessionId);

        Assert.Contains("was revoked", await two.RefusalAsync(renewed.Token));
        await Assert.ThrowsAsync<DuctapeException>(() => Sessions(one).RefreshAsync(Tag, started.RefreshToken));
    }

    [Fact]
    public async Task Neither_key_nor_token_is_in_any_log_error_text_or_health_report()
    {
        var logs = new CapturedLogs();
        await using var app = new SessionApp(more: x =>
        {
            x.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
            x.AddHealthChecks();
        });
        var started = await Sessions(app).StartAsync(Tag, Jane);
        await app.PublishAsync(started.Token);
        var verified = await Sessions(app).VerifyAsync(Tag, started.Token);
        await Sessions(app).RevokeAsync(Tag, user: "jane");
        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.PublishAsync(started.Token));
        var refresh = await Assert.ThrowsAsync<DuctapeException>(() => Sessions(app).RefreshAsync(Tag, started.RefreshToken));
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        var report = string.Join('\n', health.Entries.Select(
            x => $"{x.Key} {x.Value.Description} {x.Value.Exception} {string.Join(' ', x.Value.Data.Select(d => $"{d.Key}={d.Value}"))}"));

        string[] secrets = [SigningKey, started.Token.Split('.')[2], started.Token.Split('.')[1], started.RefreshToken];
        Assert.All([.. logs.Lines, error.ToString(), refresh.ToString(), report, $"{started}", $"{verified}",
            $"{app.Services.Catalog().FetchRoute(Event)}", $"{new SessionTypeOptions { SigningKey = SigningKey }}"],
            text => Assert.All(secrets, secret => Assert.DoesNotContain(secret, text)));
    }

    private sealed class Throwing
    {
        public string UserId => throw new TimeoutException("no user");
    }

    private static ISessions Sessions(SessionApp app) => app.Services.GetRequiredService<ISessions>();
}
