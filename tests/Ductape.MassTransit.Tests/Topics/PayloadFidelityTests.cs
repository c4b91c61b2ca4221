using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ductape.MassTransit.Tests.Topics;

public class PayloadFidelityTests
{
    private sealed record Line(string Sku, decimal Price, int Quantity);

    private sealed record Order(string OrderId, DateTimeOffset At, DateOnly Day, TimeSpan Took, Guid Key, Line[] Lines, string? Note);

    [Theory]
    [InlineData("{ \"b\" : 1,\n\t\"a\":[ 2 ,3 ]\r\n}")]
    [InlineData("{\"a\":1,\"a\":2,\"A\":3}")]
    [InlineData("{\"n\":123456789012345678901234567890.12345678901234567890}")]
    [InlineData("{\"n\":-0.0,\"m\":1E5,\"k\":1.10,\"x\":1e400,\"y\":9007199254740993}")]
    [InlineData("\"\\u00e9 \\u20ac \\/ \\ud83d\\ude00 \\\\ \\b \\u0000 <&'> \\u003c\"")]
    [InlineData("{\"emoji\":\"é€😀👩‍👩‍👧\",\"\\u006bey\":\"escaped key\"}")]
    [InlineData("\"\\ud800 alone\"")]
    [InlineData("[[[]],[{}],[null,[1,[2,[3]]]]]")]
    [InlineData("{\"a\":null,\"\":0,\"$type\":\"x\",\"$ref\":\"#\",\"message\":{\"message\":1},\"messageId\":\"x\"}")]
    [InlineData("\"text\"")]
    [InlineData("\"\"")]
    [InlineData("42")]
    [InlineData("-1.5e-7")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task Bytes_arrive_byte_for_byte(string json) =>
        Assert.Equal(json, await PublishAndReceive.BodyAsync(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("{\"orderId\":\"1\"}\n")]
    [InlineData(" \t\r\n{ } ")]
    [InlineData(" 7 ")]
    public async Task White_space_around_the_payload_is_no_part_of_it(string json) =>
        Assert.Equal(json.Trim(), await PublishAndReceive.BodyAsync(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("{\"a\":[1,{\"b\":null}],\"n\":1.10,\"big\":123456789012345678901234567890.5,\"s\":\"é\"}")]
    [InlineData("[1,\"2\",null,true]")]
    [InlineData("\"text\"")]
    [InlineData("1.50")]
    [InlineData("false")]
    public async Task Nodes_elements_and_documents_arrive_as_the_JSON_they_are(string json)
    {
        Assert.Equal(json, await PublishAndReceive.BodyAsync(JsonNode.Parse(json)!));
        Assert.Equal(json, await PublishAndReceive.BodyAsync(JsonElement.Parse(json)));
        using var document = JsonDocument.Parse(json);
        Assert.Equal(json, await PublishAndReceive.BodyAsync(document));
    }

    [Fact]
    public async Task Records_arrive_with_decimals_dates_and_nulls()
    {
        var order = new Order("12345", new DateTimeOffset(2024, 2, 29, 23, 59, 59, 999, TimeSpan.FromHours(5.5)), new DateOnly(2024, 2, 29),
            TimeSpan.FromMilliseconds(1), new Guid("8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10"),
            [new Line("é", 19.990m, 2), new Line("b", decimal.MaxValue, int.MinValue)], null);

        var received = await PublishAndReceive.ReadAsync(order, x => x.As<Order>());

        Assert.Equal(order with { Lines = [] }, received with { Lines = [] });
        Assert.Equal(order.Lines, received.Lines);
        Assert.Equal("19.990", received.Lines[0].Price.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Anonymous_objects_arrive_in_camel_case_with_their_nulls() =>
        Assert.Equal(
            """{"orderId":"1","total":10.50,"paid":null,"lines":[[1],[]],"name":"José <&>"}""",
            await PublishAndReceive.BodyAsync(new { OrderId = "1", Total = 10.50m, Paid = (bool?)null, Lines = new[] { new[] { 1 }, [] }, Name = "José <&>" }));

    [Fact]
    public async Task Emoji_arrive_in_every_form()
    {
        const string text = "😀 👩‍👩‍👧 𝒳";

        Assert.Equal(text, await PublishAndReceive.ReadAsync(text, x => x.As<string>()));
        Assert.Equal(text, await PublishAndReceive.ReadAsync(JsonValue.Create(text), x => x.Json.GetString()));
        Assert.Equal($"\"{text}\"", await PublishAndReceive.BodyAsync(Encoding.UTF8.GetBytes($"\"{text}\"")));
    }

    [Theory]
    [InlineData("text é", "\"text é\"")]
    [InlineData(42, "42")]
    [InlineData(true, "true")]
    [InlineData(new[] { 1, 2 }, "[1,2]")]
    public async Task Plain_values_arrive_as_JSON(object message, string json) => Assert.Equal(json, await PublishAndReceive.BodyAsync(message));

    [Fact]
    public async Task The_serializer_options_of_the_user_are_used_both_ways()
    {
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

        Assert.Equal("""{"order_id":"1"}""", await PublishAndReceive.BodyAsync(new { OrderId = "1" }, options));
        Assert.Equal(new Line("a", 1.5m, 2), await PublishAndReceive.ReadAsync(new Line("a", 1.5m, 2), x => x.As<Line>(), options));
    }

    [Fact]
    public async Task A_megabyte_arrives_whole()
    {
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 260_000).Select(_ => char.ConvertFromUtf32(random.Next(0x20, 0xD7FF))));
        var json = JsonSerializer.SerializeToUtf8Bytes(new { text, numbers = Enumerable.Range(0, 50_000) });
        Assert.True(json.Length > 1024 * 1024);

        var received = await PublishAndReceive.ReadAsync(json, x => x.Body.ToArray());

        Assert.True(json.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task The_payload_is_there_as_bytes_as_JSON_and_as_an_object()
    {
        var (id, line, again) = await PublishAndReceive.ReadAsync(new Line("a", 1.5m, 2),
            x => (x.Json.GetProperty("sku").GetString(), x.As<Line>(), x.As<Line>()));

        Assert.Equal("a", id);
        Assert.Equal(new Line("a", 1.5m, 2), line);
        Assert.Same(line, again);
    }
}
