using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

public class ReceivedSessionTests
{
    [Fact]
    public async Task Tag_id_user_and_expiry_arrive_and_not_the_token()
    {
        await using var app = new SessionApp();
        var token = ForgedToken.Hmac(app.Claims());

        var (session, headers) = await ReceiveAsync(app, $"web:{token}", x => (x.Session, x.ConsumeContext.Headers.GetAll().ToArray()));

        Assert.NotNull(session);
        Assert.Equal(("web", "s-1", "user_1"), (session.Tag, session.Id, session.User));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(app.Time.In(3600)), session.ExpiresAt);
        Assert.Null(session.Claims);
        Assert.False(session.IsVerified);
        Assert.Contains(headers, x => x is { Key: "ductape-session-user", Value: "user_1" });
        Assert.DoesNotContain(headers, x => $"{x.Value}".Contains(token.Split('.')[2], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_forwarded_token_brings_its_claims()
    {
        await using var app = new SessionApp(Of(new { SigningKey, Selector = "$Session{userId}", Forward = "Token" }));
        var token = ForgedToken.Hmac(app.Claims(("roles", new[] { "admin" })));

        var (session, header) = await ReceiveAsync(app, $"web:{token}", x => (x.Session, x.ConsumeContext.Headers.Get<string>("ductape-session-token")));

        Assert.Equal("admin", session?.Claims?.GetProperty("roles")[0].GetString());
        Assert.Equal(token, header);
        Assert.DoesNotContain(token.Split('.')[1], $"{session}");
    }

    [Fact]
    public async Task Without_a_session_id_the_token_id_is_it()
    {
        await using var app = new SessionApp();

        Assert.Equal("t-1", await ReceiveAsync(app, ForgedToken.Hmac(app.Claims(("sid", null), ("jti", "t-1"))), x => x.Session!.Id));
        Assert.Null(await ReceiveAsync(app, ForgedToken.Hmac(app.Claims(("sid", null))), x => x.Session!.Id));
    }

    [Fact]
    public async Task Without_a_session_there_is_none()
    {
        await using var app = new SessionApp();

        Assert.Null(await ReceiveAsync(app, null, x => x.Session));
    }

    [Fact]
    public async Task The_librarys_own_headers_are_not_among_the_users()
    {
        await using var app = new SessionApp();

        Assert.Equal(["tenant"], await ReceiveAsync(app, ForgedToken.Hmac(app.Claims()), x => x.Headers.Keys.ToArray()));
    }

    private static async Task<T> ReceiveAsync<T>(SessionApp app, string? token, Func<ReceivedMessage, T> read)
    {
        var received = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = await app.Broker.SubscribeAsync(Event, x =>
        {
            received.SetResult(read(x));
            return Task.CompletedTask;
        });
        await app.Broker.PublishAsync(Event, 1, headers: new Dictionary<string, object?> { ["tenant"] = "acme" },
            session: token is null ? null : new SessionInput { Tag = Tag, Token = token });
        return await received.Task.WaitAsync(PublishAndReceive.Deadline);
    }
}
