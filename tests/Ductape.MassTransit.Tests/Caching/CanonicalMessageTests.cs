using System.Text;
using System.Text.Json.Nodes;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Caching;

/// <summary>
/// The property over random documents: property order and white space make no other message, and everything else does.
/// </summary>
public class CanonicalMessageTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Property_order_and_white_space_make_no_other_message(int seed)
    {
        await using var app = await CachingApp.StartAsync();
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            // The number of the round tells the documents of different rounds apart.
            var document = new JsonObject { ["round"] = i, ["value"] = RandomJson.Value(random, depth: 4) };
            var (text, other) = (RandomJson.Write(document, random), RandomJson.Write(document, random));

            var first = await app.Broker.PublishAsync(Event, Encoding.UTF8.GetBytes(text), cache: "orders-cache");
            var second = await app.Broker.PublishAsync(Event, Encoding.UTF8.GetBytes(other), cache: "orders-cache");

            Assert.False(first.Cached, text);
            Assert.True(first with { Cached = true } == second, $"seed {seed}, round {i}:\n{text}\n{other}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Any_other_difference_makes_another_message(int seed)
    {
        await using var app = await CachingApp.StartAsync();
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var document = new JsonObject { ["round"] = i, ["value"] = RandomJson.Value(random, depth: 4) };
            var changed = RandomJson.Changed(document, random);
            var (text, other) = (RandomJson.Write(document, random), RandomJson.Write(changed, random));

            await app.Broker.PublishAsync(Event, Encoding.UTF8.GetBytes(text), cache: "orders-cache");

            Assert.False(
                (await app.Broker.PublishAsync(Event, Encoding.UTF8.GetBytes(other), cache: "orders-cache")).Cached,
                $"seed {seed}, round {i}:\n{text}\n{other}");
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];
}
