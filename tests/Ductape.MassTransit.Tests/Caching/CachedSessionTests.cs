using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Caching;

/// <summary>A cache between users.</summary>
public sealed class CachedSessionTests
{
    [Fact]
    public async Task Users_do_not_share_a_result_and_one_user_does_over_several_sessions()
    {
        await using var services = TestProvider.Build(With(
            ($"{Product}:Caches:orders-cache", """{ "Expiry": 60000 }"""),
            ($"{Product}:Sessions:web", """{ "SigningKey": "a signing key of thirty-two bytes or more", "Selector": "$Session{userId}" }""")));
        var sessions = services.GetRequiredService<ISessions>();
        async Task<PublishResult> PublishAsync(string user) => await services.Broker().PublishAsync(Event, new { orderId = "1" }, cache: "orders-cache",
            session: new SessionInput { Tag = "web", Token = (await sessions.StartAsync("web", new { userId = user }, product: "my_product", env: "dev")).Token });

        var (jane, john, janeAgain) = (await PublishAsync("jane"), await PublishAsync("john"), await PublishAsync("jane"));
        var nobody = await services.Broker().PublishAsync(Event, new { orderId = "1" }, cache: "orders-cache");

        Assert.Equal((false, false, true, false), (jane.Cached, john.Cached, janeAgain.Cached, nobody.Cached));
        Assert.Equal(jane.ProcessId, janeAgain.ProcessId);
        Assert.NotEqual(jane.ProcessId, john.ProcessId);
    }

    [Fact]
    public async Task A_result_in_the_cache_does_not_let_a_session_in_that_does_not_verify()
    {
        await using var services = TestProvider.Build(With(
            ($"{Product}:Caches:orders-cache", """{ "Expiry": 60000 }"""),
            ($"{Product}:Sessions:web", """{ "SigningKey": "a signing key of thirty-two bytes or more", "Selector": "$Session{userId}" }""")));
        await services.Broker().PublishAsync(Event, 1, cache: "orders-cache");

        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1, cache: "orders-cache",
            session: new SessionInput { Tag = "web", Token = "e30.e30.e30" }));

        Assert.Equal(DuctapeErrorCodes.SessionInvalid, error.Code);
    }
}
