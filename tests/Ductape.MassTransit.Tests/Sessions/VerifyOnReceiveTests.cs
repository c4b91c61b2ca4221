using MassTransit;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>
/// Messages that somebody put on the broker by other means: what fails never gets to the callback, and is not tried
/// again.
/// </summary>
public class VerifyOnReceiveTests
{
    private static readonly object Proved = new { SigningKey, Selector = "$Session{userId}" };
    private static readonly object Forwarded = new { SigningKey, Selector = "$Session{userId}", Forward = "Token" };

    [Theory]
    [InlineData("ductape-session-user", "admin", "whose proof does not fit: message or session are not what was published.")]
    [InlineData("ductape-session-id", "s-2", "whose proof does not fit: message or session are not what was published.")]
    [InlineData("ductape-session-id", null, "whose proof does not fit: message or session are not what was published.")]
    [InlineData("ductape-session-expires", "2100-01-01T00:00:00Z", "whose proof does not fit: message or session are not what was published.")]
    [InlineData("ductape-session-proof", "AAAA", "whose proof does not fit: message or session are not what was published.")]
    [InlineData("ductape-session-proof", null, "without a proof.")]
    public async Task A_forged_header_is_refused(string header, string? value, string reason)
    {
        await using var app = new HarnessApp(Proved);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x[header] = value);

        Assert.EndsWith($"has a session 'web' {reason}", await app.RefusalAsync());
    }

    [Fact]
    public async Task Another_body_under_the_same_session_is_refused()
    {
        await using var app = new HarnessApp(Proved);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, body: "\"forged\"");

        Assert.Contains("whose proof does not fit", await app.RefusalAsync());
    }

    [Fact]
    public async Task The_same_session_on_another_message_is_refused()
    {
        await using var app = new HarnessApp(Proved);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, messageId: NewId.NextGuid());

        Assert.Contains("whose proof does not fit", await app.RefusalAsync());
    }

    [Fact]
    public async Task A_message_without_the_session_that_the_topic_requires_is_refused()
    {
        await using var app = new HarnessApp(Proved, ($"{Topic}:RequireSession", """["web"]"""));
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x.Clear());

        Assert.EndsWith("has no session, and the topic requires one.", await app.RefusalAsync());
    }

    [Theory]
    [InlineData(true, "has a session that is not among those that the topic requires.")]
    [InlineData(false, "has a session of a type that the product 'my_product' does not have.")]
    public async Task A_session_of_another_type_is_refused(bool required, string reason)
    {
        await using var app = new HarnessApp(Proved, ($"{Topic}:RequireSession", required ? """["web"]""" : "[]"));
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x["ductape-session-tag"] = "other");

        Assert.EndsWith(reason, await app.RefusalAsync());
    }

    [Fact]
    public async Task What_was_published_passes_also_when_it_comes_twice()
    {
        await using var app = new HarnessApp(Proved);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original);

        await Conformance.Eventually.TrueAsync(() => app.Received.Count == 2);
        Assert.All(app.Received, x => Assert.Equal((true, "user_1"), (x.IsVerified, x.User)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_expiry_is_judged_at_the_time_of_sending(bool forward)
    {
        await using var app = new HarnessApp(forward ? Forwarded : Proved);
        var original = await app.PublishAsync();

        app.Time.Advance(TimeSpan.FromDays(1));
        await app.ReplayAsync(original);

        await Conformance.Eventually.TrueAsync(() => app.Received.Count == 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_expiry_is_judged_at_the_time_of_receiving_where_the_topic_says_so(bool forward)
    {
        await using var app = new HarnessApp(forward ? Forwarded : Proved, ($"{Topic}:VerifyExpiryOnReceive", "true"));
        var original = await app.PublishAsync();

        app.Time.Advance(TimeSpan.FromDays(1));
        await app.ReplayAsync(original);

        Assert.Contains("expired at", await app.RefusalAsync());
    }
}
