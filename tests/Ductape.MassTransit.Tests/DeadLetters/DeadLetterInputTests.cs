using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.DeadLetters;

/// <summary>What a call about dead letters may say, and what it says itself.</summary>
public class DeadLetterInputTests
{
    private const string Event = OrdersConfiguration.Event;

    public static TheoryData<string, Func<IDeadLetters, Task>, string> Refused => new()
    {
        { "event", x => x.CountAsync(" "), "INVALID_INPUT: 'event' is required" },
        { "topic", x => x.CountAsync("sqsbroker:nwe-orders"), "TOPIC_NOT_FOUND: " },
        { "product", x => x.CountAsync(Event, product: "nobody"), "PRODUCT_NOT_FOUND: " },
        { "env", x => x.CountAsync(Event, env: "stg"), "BROKER_ENV_NOT_FOUND: " },
        { "subscription", x => x.PeekAsync(Event, subscription: "a/b"), "INVALID_INPUT: 'subscription' 'a/b' has the character '/'" },
        { "limit", x => x.PeekAsync(Event, limit: 0), "INVALID_INPUT: 'limit' is 0; it must be from 1 to 1000." },
        { "many", x => x.PeekAsync(Event, limit: 1001), "INVALID_INPUT: 'limit' is 1001; it must be from 1 to 1000." },
        { "rate", x => x.ReplayAsync(Event, rate: 0), "INVALID_INPUT: 'rate' is 0; it is in messages per second and must be from 0.001 to 1000000." },
        { "NaN", x => x.ReplayAsync(Event, rate: double.NaN), "INVALID_INPUT: 'rate' is NaN; " },
        { "none", x => x.DiscardAsync(Event, new DeadLetterSelection { Limit = 0 }), "INVALID_INPUT: 'select.limit' is 0; it must be at least 1." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_not_acceptable_is_refused_with_its_code(string what, Func<IDeadLetters, Task> call, string problem)
    {
        await using var services = TestProvider.Build();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => call(services.GetRequiredService<IDeadLetters>()));

        Assert.True(error.Message.StartsWith(problem, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_the_applications_own_bus_they_are_refused_with_what_to_use_instead(bool harness)
    {
        await using var services = TestProvider.Build(
            harness ? TestServices.OrdersJson : With(($"{Dev}:Type", "\"HOST\"")),
            x => _ = harness ? x.Services.AddMassTransitTestHarness() : x.Services.AddMassTransit(bus => bus.UsingInMemory()));

        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.GetRequiredService<IDeadLetters>().CountAsync(Event));

        Assert.Equal((DuctapeErrorCodes.BrokerTypeNotSupported, Event, "dev", "my_product"), (error.Code, error.Event, error.Env, error.ProductTag));
        Assert.EndsWith(
            "whose queues belong to the application: read 'my_product-sqsbroker-new-orders-dev_error' with a receive endpoint of that bus, or with the "
            + "broker's own tools.", error.Message);
    }

    [Fact]
    public async Task A_replay_and_a_discard_are_one_line_each_in_the_log()
    {
        var logs = new CapturedLogs();
        await using var services = TestProvider.Build(With(($"{Topic}:Retry", """{ "Count": 0 }""")),
            x => x.Services.AddLogging(logging => logging.AddProvider(logs)));
        var deadLetters = services.GetRequiredService<IDeadLetters>();
        await using var subscription = await services.Broker().SubscribeAsync(Event, _ => throw new InvalidOperationException("Never."));
        await services.Broker().PublishAsync(Event, 1);
        await Eventually.TrueAsync(async () => await deadLetters.CountAsync(Event) == 1);

        await deadLetters.ReplayAsync(Event);
        await Eventually.TrueAsync(async () => await deadLetters.CountAsync(Event) == 1);
        await deadLetters.DiscardAsync(Event, DeadLetterSelection.All, dryRun: true);

        const string where = "dead letters of my_product for sqsbroker:new-orders in dev";
        Assert.Single(logs.Lines, x => x.StartsWith($"Information: Replayed 1 of 1 {where} to the queue my_product-sqsbroker-new-orders-dev, 0 left (dry run: False)", StringComparison.Ordinal));
        Assert.Single(logs.Lines, x => x.StartsWith($"Information: Discarded 0 of 1 {where} of the queue my_product-sqsbroker-new-orders-dev, 1 left (dry run: True)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_the_applications_in_memory_bus_a_message_is_redelivered_with_MassTransits_own_delay()
    {
        await using var services = TestProvider.Build(
            With(($"{Topic}:Retry", """{ "Count": 1, "InitialDelay": "00:00:00" }"""), ($"{Topic}:Redelivery", """["00:00:01"]""")),
            x => x.Services.AddMassTransitTestHarness());
        await services.GetRequiredService<global::MassTransit.Testing.ITestHarness>().Start();
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, message =>
            message.Redeliveries == 0 ? throw new InvalidOperationException("Not yet.") : inbox.ReceiveAsync(message));

        var result = await services.Broker().PublishAsync(Event, """{ "kept" :  "as it was" }"""u8.ToArray(),
            headers: new Dictionary<string, object?> { ["tenant"] = "acme" });

        await inbox.HasAsync(1);
        var letter = inbox.Letters[0];
        Assert.Equal("""{ "kept" :  "as it was" }""", letter.Body);
        Assert.Equal((3, 1, result.MessageId, result.ProcessId), (letter.Attempt, letter.Redeliveries, letter.MessageId, letter.ProcessId));
        Assert.Equal("acme", Assert.Single(letter.Headers).Value);
    }
}
