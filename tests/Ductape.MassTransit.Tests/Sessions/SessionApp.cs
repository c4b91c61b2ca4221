using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>An application with sessions, a clock, and a subscription that keeps what arrives.</summary>
public sealed class SessionApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public SessionApp(string? json = null, FakeTime? time = null, Action<IServiceCollection>? more = null)
    {
        Time = time ?? new FakeTime();
        _services = TestProvider.Build(json ?? SessionConfiguration.Hmac, x =>
        {
            x.Services.AddSingleton<TimeProvider>(Time);
            more?.Invoke(x.Services);
        });
    }

    public FakeTime Time { get; }

    public IServiceProvider Services => _services;

    public IMessageBroker Broker => _services.Broker();

    /// <summary>What a good token says, with changes; null takes a claim out.</summary>
    public Dictionary<string, object?> Claims(params (string Name, object? Value)[] changes)
    {
        var claims = new Dictionary<string, object?> { ["userId"] = "user_1", ["sid"] = "s-1", ["exp"] = Time.In(3600) };
        foreach (var (name, value) in changes)
        {
            if (value is null)
                claims.Remove(name);
            else
                claims[name] = value;
        }

        return claims;
    }

    public Task<PublishResult> PublishAsync(string token, object? message = null, string tag = SessionConfiguration.Tag) =>
        Broker.PublishAsync(Event, message ?? 1, session: new SessionInput { Tag = tag, Token = token });

    /// <summary>
    /// Publish and subscribe refuse a token for the same reason, which is returned, and nothing arrives.
    /// </summary>
    public async Task<string> RefusalAsync(string token, string tag = SessionConfiguration.Tag)
    {
        var arrived = new List<string>();
        await using var subscription = await Broker.SubscribeAsync(Event, x =>
        {
            arrived.Add(x.Json.GetRawText());
            return Task.CompletedTask;
        });
        var session = new SessionInput { Tag = tag, Token = token };

        var publish = await Assert.ThrowsAsync<DuctapeException>(() => PublishAsync(token, "refused", tag));
        var subscribe = await Assert.ThrowsAsync<DuctapeException>(
            () => Broker.SubscribeAsync(Event, _ => Task.CompletedTask, subscription: "other", session: session));
        await Broker.PublishAsync(Event, "last");
        await Conformance.Eventually.TrueAsync(() => arrived.Contains("\"last\""));

        Assert.Equal(["\"last\""], arrived);
        Assert.Equal((DuctapeErrorCodes.SessionInvalid, publish.Message), (publish.Code, subscribe.Message));
        Assert.Equal((Event, "dev", "my_product"), (publish.Event, publish.Env, publish.ProductTag));
        if (token.Length > 20)
            Assert.DoesNotContain(token[^20..], publish.ToString());
        return publish.Message["SESSION_INVALID: ".Length..];
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
