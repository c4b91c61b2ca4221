using System.Text.Json;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

public class SessionInputTests
{
    private const string Token = "eyJhbGciOiJIUzI1NiJ9.marker-secret";

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{ "tag": null, "token": null }""")]
    [InlineData("""{ "tag": "", "token": " " }""")]
    public async Task An_empty_session_is_none(string session)
    {
        var input = JsonSerializer.Deserialize<MessageBrokerPublishInput>(
            $$"""{ "event": "{{Event}}", "input": { "message": 1 }, "session": {{session}} }""")!;
        await using var services = TestProvider.Build();

        Assert.True((await services.Broker().PublishAsync(input)).Success);
        await using var subscription = await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask, session: input.Session);
    }

    [Theory]
    [InlineData("web", null, "INVALID_INPUT: 'session.token' is required with 'session.tag' and is missing or blank.")]
    [InlineData("web", " ", "INVALID_INPUT: 'session.token' is required with 'session.tag' and is missing or blank.")]
    [InlineData(null, Token, "INVALID_INPUT: 'session.tag' is required with 'session.token' and is missing or blank.")]
    [InlineData("", Token, "INVALID_INPUT: 'session.tag' is required with 'session.token' and is missing or blank.")]
    [InlineData("wbe", Token, "SESSION_INVALID: the product 'my_product' has no session 'wbe'. Did you mean 'web'? Configured: 'web'.")]
    [InlineData("web", Token, "SESSION_INVALID: the token of the session 'web' is not a signed JSON Web Token (RFC 7519): three parts, "
        + "separated by dots, each in base64url, the first two JSON objects with times in seconds.")]
    public async Task A_session_that_cannot_be_verified_is_refused(string? tag, string? token, string message)
    {
        await using var services = TestProvider.Build(SessionConfiguration.Hmac);
        var session = new SessionInput { Tag = tag, Token = token };

        var publish = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1, session: session));
        var subscribe = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask, session: session));

        Assert.All([publish, subscribe], exception =>
        {
            Assert.Equal(message, exception.Message);
            Assert.StartsWith($"{exception.Code}: ", exception.Message);
            Assert.Equal((Event, "dev", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
            Assert.DoesNotContain("marker-secret", exception.ToString());
        });
    }

    [Fact]
    public async Task A_refused_session_leaves_no_subscription_behind()
    {
        await using var services = TestProvider.Build(SessionConfiguration.Hmac);
        await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().SubscribeAsync(
            Event, _ => Task.CompletedTask, session: new SessionInput { Tag = "web", Token = Token }));

        await using var subscription = await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);

        Assert.Equal("my_product-sqsbroker-new-orders-dev", subscription.Queue);
    }

    [Fact]
    public void The_token_is_never_in_the_text_of_an_input()
    {
        var session = new SessionInput { Tag = "web", Token = Token };

        Assert.Equal("SessionInput { Tag = web, Token = *** }", session.ToString());
        Assert.DoesNotContain("marker-secret", new MessageBrokerPublishInput { Session = session }.ToString());
        Assert.DoesNotContain("marker-secret", new MessageBrokerSubscribeInput { Session = session }.ToString());
    }
}
