using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Publishing;

public class UnwritableMessageTests
{
    private sealed class Node
    {
        public Node? Next { get; set; }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1} {\"b\":2}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("// comment\n1")]
    [InlineData("\"open")]
    [InlineData("NaN")]
    [InlineData("01")]
    [InlineData("\uFEFF{\"a\":1}")]
    public async Task Bytes_that_are_not_JSON_are_refused(string text) =>
        await AssertUnwritableAsync(Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused()
    {
        await AssertUnwritableAsync("\"caf"u8.ToArray().Concat<byte>([0xE9]).Concat("\""u8.ToArray()).ToArray());
        await AssertUnwritableAsync(Encoding.Unicode.GetBytes("{\"a\":1}"));
    }

    [Fact]
    public async Task Bytes_are_checked_in_every_form()
    {
        await AssertUnwritableAsync(new ReadOnlyMemory<byte>("oops"u8.ToArray()));
        await AssertUnwritableAsync(new Memory<byte>("oops"u8.ToArray()));
    }

    [Fact]
    public async Task Sixty_levels_are_the_deepest_for_bytes()
    {
        Assert.Equal(Nested(60), await PublishAndReceive.BodyAsync(Encoding.UTF8.GetBytes(Nested(60))));
        await AssertUnwritableAsync(Encoding.UTF8.GetBytes(Nested(61)));
    }

    [Fact]
    public async Task Sixty_levels_are_the_deepest_for_nodes_and_elements()
    {
        var deep = new JsonDocumentOptions { MaxDepth = 100 };
        Assert.Equal(Nested(60), await PublishAndReceive.BodyAsync(JsonNode.Parse(Nested(60), documentOptions: deep)!));
        await AssertUnwritableAsync(JsonNode.Parse(Nested(61), documentOptions: deep)!);
        await AssertUnwritableAsync(JsonDocument.Parse(Nested(61), deep).RootElement);
        await AssertUnwritableAsync(JsonDocument.Parse(Nested(61), deep));
    }

    [Fact]
    public async Task Sixty_levels_are_the_deepest_for_objects_whatever_the_serializer_allows()
    {
        Assert.Contains("null", await PublishAndReceive.BodyAsync(Chain(60)));
        await AssertUnwritableAsync(Chain(61));
        await AssertUnwritableAsync(Chain(61), new JsonSerializerOptions(JsonSerializerDefaults.Web) { MaxDepth = 200 });
    }

    [Fact]
    public async Task Objects_that_are_no_JSON_are_refused()
    {
        var circle = new Node();
        circle.Next = circle;

        await AssertUnwritableAsync(circle);
        await AssertUnwritableAsync(typeof(string));
        await AssertUnwritableAsync(new { callback = (Action)(() => { }) });
        await AssertUnwritableAsync(new { map = new Dictionary<object, int> { [new object()] = 1 } });
    }

    [Fact]
    public async Task Numbers_that_JSON_does_not_have_are_refused()
    {
        await AssertUnwritableAsync(new { price = double.NaN });
        await AssertUnwritableAsync(float.PositiveInfinity);
    }

    [Fact]
    public async Task A_document_that_was_disposed_is_refused()
    {
        var document = JsonDocument.Parse("{}");
        var element = document.RootElement;
        document.Dispose();

        await AssertUnwritableAsync(document);
        await AssertUnwritableAsync(element);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static Node Chain(int depth)
    {
        var node = new Node();
        for (var i = 1; i < depth; i++)
            node = new Node { Next = node };
        return node;
    }

    private static async Task AssertUnwritableAsync(object message, JsonSerializerOptions? options = null)
    {
        await using var services = PublishAndReceive.Provider(options);

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, message));

        Assert.Equal(DuctapeErrorCodes.InvalidInput, exception.Code);
        Assert.StartsWith("INVALID_INPUT: 'input.message' cannot be written as JSON: ", exception.Message);
        Assert.NotNull(exception.InnerException);
        Assert.Equal((Event, "dev", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
    }
}
