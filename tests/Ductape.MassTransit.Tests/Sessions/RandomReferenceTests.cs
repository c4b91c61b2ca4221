using System.Text;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Caching;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>
/// The property over random documents and claims: what arrives is the text of the message with each reference exchanged
/// for the JSON of its claim, white space, escapes and all.
/// </summary>
public class RandomReferenceTests
{
    private const int Rounds = 60;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_message_arrives_with_claims_in_the_place_of_references_and_otherwise_as_it_was(int seed)
    {
        await using var app = new SessionApp(Of(new { SigningKey, Selector = "$Session{userId}" }, ($"{Topic}:ResolveReferences", "true")));
        var inbox = new Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(Event, inbox.ReceiveAsync);
        var random = new Random(seed);
        var claims = Enumerable.Range(0, 5).Select(_ => Written(RandomJson.Value(random, depth: 2), random)).ToArray();
        var token = ForgedToken.Hmac(Encoding.UTF8.GetBytes(
            $$$"""{"userId":"u","exp":4102444800,"c":{{{{string.Join(',', claims.Select((x, i) => $"\"c{i}\":{x}"))}}}}}"""));
        var expected = new List<string>();

        for (var round = 0; round < Rounds; round++)
        {
            var document = RandomJson.Write(new JsonObject { ["round"] = round, ["value"] = RandomJson.Value(random, depth: 4), ["last"] = "ab" }, random);
            // Every string "ab" that is no name becomes one of the claims or stays.
            var (message, sent) = (new StringBuilder(), new StringBuilder());
            var parts = document.Split("\"ab\"");
            for (var i = 0; i < parts.Length; i++)
            {
                message.Append(parts[i]);
                sent.Append(parts[i]);
                if (i == parts.Length - 1)
                    break;

                var isName = parts[i + 1].TrimStart().StartsWith(':');
                var which = random.Next(claims.Length);
                message.Append(isName ? "\"ab\"" : $"\"{Escaped($"$Session{{web}}{{c.c{which}}}", random)}\"");
                sent.Append(isName ? "\"ab\"" : claims[which]);
            }

            expected.Add(sent.ToString().Trim());
            await app.PublishAsync(token, Encoding.UTF8.GetBytes(message.ToString()));
        }

        await inbox.HasAsync(Rounds);
        Assert.Equal(expected.Order(StringComparer.Ordinal), inbox.Bodies.Order(StringComparer.Ordinal));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    // White space around a value is not part of it.
    private static string Written(JsonNode? value, Random random) => RandomJson.Write(value, random).Trim();

    private static string Escaped(string text, Random random) => random.Next(2) == 0
        ? text
        : string.Concat(text.Select(x => random.Next(3) == 0 ? $"\\u{(int)x:x4}" : $"{x}"));
}
