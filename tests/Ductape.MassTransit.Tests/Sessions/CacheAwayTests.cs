using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>The application's distributed cache, where revocations are, does not answer.</summary>
public class CacheAwayTests
{
    private const string Problem = "CACHE_FAILED: what the application's distributed cache has of the session is not known, because it does not answer: "
        + "No connection. Check that it runs and that its address is right, and try again.";

    [Fact]
    public async Task Every_call_about_sessions_says_so_with_its_code()
    {
        await using var app = new SessionApp(more: x => x.AddSingleton<IDistributedCache, AwayCache>());
        var sessions = app.Services.GetRequiredService<ISessions>();
        var token = ForgedToken.Hmac(app.Claims());

        await FailsAsync(() => sessions.StartAsync(SessionConfiguration.Tag, new { userId = "user_1" }));
        await FailsAsync(() => sessions.RefreshAsync(SessionConfiguration.Tag, "refresh"));
        await FailsAsync(() => sessions.ListActiveAsync(SessionConfiguration.Tag));
        Assert.Equal(Problem.Replace("is not known", "was not kept", StringComparison.Ordinal),
            (await Assert.ThrowsAsync<DuctapeException>(() => sessions.RevokeAsync(SessionConfiguration.Tag, user: "user_1"))).Message);
        foreach (var verify in new Func<Task>[] { () => sessions.VerifyAsync(SessionConfiguration.Tag, token), () => app.PublishAsync(token) })
        {
            var error = await Assert.ThrowsAsync<DuctapeException>(verify);
            Assert.Equal(DuctapeErrorCodes.SessionInvalid, error.Code);
            Assert.EndsWith("whether it was revoked cannot be found out: the application's IDistributedCache failed.", error.Message);
            Assert.Equal("No connection.", Assert.IsType<TimeoutException>(error.InnerException).Message);
        }

        Assert.True((await app.Broker.PublishAsync(Event, 1)).Success);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_meanwhile_says_that()
    {
        await using var app = new SessionApp(more: x => x.AddSingleton<IDistributedCache, AwayCache>());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Services.GetRequiredService<ISessions>()
            .VerifyAsync(SessionConfiguration.Tag, ForgedToken.Hmac(app.Claims()), cancellationToken: new CancellationToken(true)));
    }

    private static async Task<DuctapeException> FailsAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<DuctapeException>(call);
        Assert.Equal((DuctapeErrorCodes.CacheFailed, Problem), (error.Code, error.Message));
        return error;
    }

    private sealed class AwayCache : IDistributedCache
    {
        public byte[]? Get(string key) => throw new TimeoutException("No connection.");

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Away<byte[]?>(token);

        public void Refresh(string key) => throw new TimeoutException("No connection.");

        public Task RefreshAsync(string key, CancellationToken token = default) => Away<int>(token);

        public void Remove(string key) => throw new TimeoutException("No connection.");

        public Task RemoveAsync(string key, CancellationToken token = default) => Away<int>(token);

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new TimeoutException("No connection.");

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => Away<int>(token);

        private static async Task<T> Away<T>(CancellationToken token)
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            throw new TimeoutException("No connection.");
        }
    }
}
