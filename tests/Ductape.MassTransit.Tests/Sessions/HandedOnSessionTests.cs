using Ductape.MassTransit.Conformance;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>
/// MassTransit hands the headers of the message that is being consumed on to what is published meanwhile: a session
/// belongs to one message.
/// </summary>
public class HandedOnSessionTests
{
    public sealed record Command(string? Token);

    public sealed class CommandConsumer(IScopedMessageBroker broker) : IConsumer<Command>
    {
        public Task Consume(ConsumeContext<Command> context) => broker.PublishAsync(
            OrdersConfiguration.Event, "from the consumer", session: context.Message.Token is { } token ? new SessionInput { Tag = "web", Token = token } : null);
    }

    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task What_a_consumer_publishes_has_the_session_that_it_gives_and_no_other(string format)
    {
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Services.AddSingleton(TestServices.Configuration(Of(
            new { SigningKey, Selector = "$Session{userId}" },
            ($"{Dev}:Type", "\"HOST\""), ($"{Dev}:Format", $"\"{format}\""), ($"{Topic}:VerifyOnReceive", "true"))));
        application.Services.AddMassTransit(x =>
        {
            x.AddConsumer<CommandConsumer>();
            x.UsingInMemory((context, bus) => bus.ConfigureEndpoints(context));
        });
        application.Services.AddDuctapeMessageBroker();
        using var host = application.Build();
        await host.StartAsync().WaitAsync(PublishAndReceive.Deadline);
        var inbox = new Inbox();
        await using var subscription = await host.Services.Broker().SubscribeAsync(OrdersConfiguration.Event, inbox.ReceiveAsync);
        var bus = host.Services.GetRequiredService<IBus>();

        await bus.Publish<Command>(new Command(null), Foreign);
        await inbox.HasAsync(1);
        await bus.Publish<Command>(new Command(ForgedToken.Hmac(new { userId = "user_1", exp = new FakeTime().In(3600) })), Foreign);
        await inbox.HasAsync(2);

        Assert.Null(inbox.Letters[0].Session);
        Assert.True(inbox.Letters[1].Session is { IsVerified: true, User: "user_1", Id: null });
        await host.StopAsync();
    }

    private static void Foreign(PublishContext<Command> context)
    {
        foreach (var (name, value) in new[] { ("tag", "web"), ("user", "admin"), ("id", "s-9"), ("expires", "2100-01-01T00:00:00Z"), ("token", "a.b.c") })
            context.Headers.Set($"ductape-session-{name}", value);
    }
}
