using System.Text;
using System.Text.Json;
using Ductape.MassTransit.RabbitMQ.Messages;
using MassTransit;
using RabbitMQ.Client;

namespace Ductape.MassTransit.Tests.RabbitMq;

/// <summary>What is cut from a message for its properties to fit into one frame, and in which order.</summary>
public class RabbitMqPropertyCutTests
{
    private const uint FrameMax = 131_072;

    [Fact]
    public void What_fits_is_left_alone()
    {
        var headers = new Dictionary<string, object?> { ["tenant"] = new string('x', 120_000), [MessageHeaders.FaultStackTrace] = "at A" };
        var properties = new BasicProperties { Headers = headers };

        RabbitMqPropertyCut.Fit(properties, FrameMax);

        Assert.Same(headers, properties.Headers);
        Assert.Equal(2, headers.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Levels_that_would_use_up_the_stack_are_neither_walked_into_nor_sent_on(bool isTable)
    {
        object? Nested(int levels) => Enumerable.Range(0, levels).Aggregate(
            (object?)7L, (inner, _) => isTable ? new Dictionary<string, object?> { ["a"] = inner } : new List<object?> { inner });
        var headers = new Dictionary<string, object?> { ["deep"] = Nested(3_000), ["kept"] = Nested(100), ["over"] = Nested(101), ["tenant"] = "acme" };
        var properties = new BasicProperties { Headers = headers };

        RabbitMqPropertyCut.Fit(properties, FrameMax);
        var shown = RabbitMqHeaderText.Of(headers);

        Assert.Equal(["kept", "tenant"], properties.Headers!.Keys.Where(x => x != "ductape-cut").Order());
        Assert.Equal(["deep", "over"], NamesOf(properties).Order());
        Assert.Equal([(100, "…"), (100, 7L), (100, "…"), (0, "acme")], shown.Values.Select(Innermost));
        Assert.Equal(4, headers.Count);

        static (int, object?) Innermost(object? value)
        {
            for (var level = 0; ; level++)
            {
                switch (value)
                {
                    case IReadOnlyDictionary<string, object?> table:
                        value = table["a"];
                        break;
                    case object?[] list:
                        value = list[0];
                        break;
                    default:
                        return (level, value);
                }
            }
        }
    }

    [Fact]
    public void Without_a_limit_nothing_is_cut()
    {
        var properties = new BasicProperties { Headers = new Dictionary<string, object?> { ["tenant"] = new string('x', 1_000_000) } };

        RabbitMqPropertyCut.Fit(properties, 0);

        Assert.Equal(["tenant"], properties.Headers!.Keys);
    }

    [Theory]
    [InlineData(100_000, 100_000, 1, "stack")]
    [InlineData(126_000, 5_000, 1_000, "stack")]
    [InlineData(128_000, 4_000, 4_000, "stack, message")]
    [InlineData(128_800, 4_000, 4_000, "stack, message, host")]
    [InlineData(129_500, 4_000, 4_000, "stack, message, host, sender's")]
    [InlineData(131_000, 0, 0, "host, sender's")]
    public void The_stack_is_cut_first_then_the_message_then_what_else_is_known_then_the_senders_largest(int sender, int stack, int message, string expected)
    {
        var original = new Dictionary<string, object?>
        {
            ["small"] = "kept",
            ["blob"] = new string('x', sender),
            ["ductape-session-tag"] = "user",
            [MessageHeaders.Reason] = "fault",
            [MessageHeaders.FaultExceptionType] = "System.TimeoutException",
            [MessageHeaders.Host.MachineName] = new string('h', 1_000),
        };
        if (stack > 0)
            (original[MessageHeaders.FaultStackTrace], original[MessageHeaders.FaultMessage]) = (new string('s', stack), new string('m', message));
        var properties = new BasicProperties { MessageId = "1", Headers = original };

        RabbitMqPropertyCut.Fit(properties, FrameMax);

        Assert.InRange(RabbitMqFrame.SizeOf(properties), 1, RabbitMqFrame.LimitOf(FrameMax));
        Assert.Equal(expected, string.Join(", ", NamesOf(properties).Select(x => x switch
        {
            MessageHeaders.FaultStackTrace => "stack",
            MessageHeaders.FaultMessage => "message",
            MessageHeaders.Host.MachineName => "host",
            "blob" => "sender's",
            _ => x,
        })));
        Assert.Equal(("kept", "user", "fault", "System.TimeoutException"), (properties.Headers!["small"], properties.Headers["ductape-session-tag"],
            properties.Headers[MessageHeaders.Reason], properties.Headers[MessageHeaders.FaultExceptionType]));
        Assert.DoesNotContain(RabbitMqPropertyCut.Header, original.Keys);
    }

    [Fact]
    public void Of_thousands_of_headers_the_largest_go_and_the_names_stay_bounded()
    {
        var properties = new BasicProperties
        {
            Headers = Enumerable.Range(0, 5_000).ToDictionary(x => $"header-{x}", object? (x) => new string('x', x % 50)),
        };

        RabbitMqPropertyCut.Fit(properties, FrameMax);

        Assert.InRange(RabbitMqFrame.SizeOf(properties), 100_000, RabbitMqFrame.LimitOf(FrameMax));
        var names = NamesOf(properties);
        Assert.Equal("…", names[^1]);
        Assert.DoesNotContain(names[0], properties.Headers!.Keys);
        Assert.InRange(Encoding.UTF8.GetByteCount((string)properties.Headers[RabbitMqPropertyCut.Header]!), 1, 512);
    }

    [Fact]
    public void Even_the_smallest_frame_takes_a_message_with_every_property()
    {
        var text = new string('x', 255);
        var properties = new BasicProperties
        {
            ContentType = text,
            ContentEncoding = text,
            CorrelationId = text,
            ReplyTo = text,
            MessageId = text,
            Type = text,
            AppId = text,
            ClusterId = text,
            Headers = new Dictionary<string, object?> { ["a"] = new string('x', 100_000), [MessageHeaders.Reason] = new string('x', 9_000) },
        };

        RabbitMqPropertyCut.Fit(properties, 4096);

        Assert.InRange(RabbitMqFrame.SizeOf(properties), 1, 4096 - 20);
        Assert.Equal([MessageHeaders.Reason, "a"], NamesOf(properties).Order());
    }

    [Fact]
    public void What_cannot_be_written_again_is_taken_out()
    {
        // As the client reads names and properties that are no UTF-8.
        var name = new string('\uFFFD', 100);
        var properties = new BasicProperties
        {
            CorrelationId = name,
            Headers = new Dictionary<string, object?>
            {
                ["kept"] = 1,
                [name] = 2,
                ["table"] = new Dictionary<string, object?> { ["list"] = new List<object?> { new Dictionary<string, object?> { [name] = 3 } } },
                ["number"] = decimal.MaxValue,
                ["type"] = new Version(1, 0),
            },
        };

        RabbitMqPropertyCut.Fit(properties, FrameMax);

        Assert.Equal(["kept", RabbitMqPropertyCut.Header], properties.Headers!.Keys);
        Assert.Null(properties.CorrelationId);
        Assert.Equal([name, "table", "number", "type", "correlation_id"], NamesOf(properties));
        ((IAmqpWriteable)properties).WriteTo(new byte[RabbitMqFrame.SizeOf(properties)]);
    }

    [Fact]
    public void Bytes_and_tables_survive_as_they_are()
    {
        byte[] bytes = [0xFF, 0x00, 0x80];
        var table = new Dictionary<string, object?> { ["x"] = new List<object?> { 1L, bytes } };
        var properties = new BasicProperties
        {
            Headers = new Dictionary<string, object?> { ["bytes"] = bytes, ["binary"] = new BinaryTableValue(bytes), ["table"] = table, ["blob"] = new string('x', 200_000) },
        };

        RabbitMqPropertyCut.Fit(properties, FrameMax);

        Assert.Same(bytes, properties.Headers!["bytes"]);
        Assert.Same(bytes, ((BinaryTableValue)properties.Headers["binary"]!).Bytes);
        Assert.Same(table, properties.Headers["table"]);
    }

    [Theory]
    [InlineData("""["first"]""", "first")]
    [InlineData("no array", null)]
    [InlineData("null", null)]
    [InlineData("[1]", null)]
    public void What_was_cut_before_is_still_named(string before, string? first)
    {
        var properties = new BasicProperties
        {
            Headers = new Dictionary<string, object?> { [RabbitMqPropertyCut.Header] = Encoding.UTF8.GetBytes(before), ["blob"] = new string('x', 200_000) },
        };

        RabbitMqPropertyCut.Fit(properties, FrameMax);

        Assert.Equal(first is null ? ["blob"] : [first, "blob"], NamesOf(properties));
    }

    [Fact]
    public void A_text_is_not_cut_within_a_character()
    {
        var properties = new BasicProperties { Headers = new Dictionary<string, object?> { [MessageHeaders.FaultStackTrace] = new string('é', 100_000) } };

        RabbitMqPropertyCut.Fit(properties, FrameMax);

        Assert.Equal(string.Empty, ((string)properties.Headers![MessageHeaders.FaultStackTrace]!).Trim('é'));
    }

    private static string[] NamesOf(BasicProperties properties) => JsonSerializer.Deserialize<string[]>((string)properties.Headers![RabbitMqPropertyCut.Header]!)!;
}
