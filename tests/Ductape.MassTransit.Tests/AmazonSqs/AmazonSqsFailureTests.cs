using MassTransit;

namespace Ductape.MassTransit.Tests.AmazonSqs;

public class AmazonSqsFailureTests
{
    [Fact]
    public void What_is_packed_comes_out_again()
    {
        var failure = Failure("No stock: é \u0001 \"x\" \uFFFE", "at A\r\n   at B");

        Assert.Equal(failure, AmazonSqsFailure.Unpack(AmazonSqsFailure.Pack(failure, 200_000)));
    }

    [Fact]
    public void It_is_ASCII_and_so_has_no_character_that_AWS_refuses()
    {
        var packed = AmazonSqsFailure.Pack(Failure("é \u0001 \uFFFF", "at A"), 200_000)!;

        Assert.All(packed, x => Assert.InRange(x, ' ', '~'));
        Assert.True(AmazonSqsFailure.IsTaken(packed));
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(3_000)]
    [InlineData(1_000)]
    [InlineData(300)]
    public void It_fits_and_the_stack_trace_is_what_is_cut_first(int room)
    {
        var packed = AmazonSqsFailure.Pack(Failure(new string('m', 400), string.Concat(Enumerable.Repeat("at Ä.B()\n", 10_000))), room)!;

        Assert.True(packed.Length < room);
        var unpacked = AmazonSqsFailure.Unpack(packed);
        Assert.Equal("System.TimeoutException", unpacked[MessageHeaders.FaultExceptionType]);
        Assert.Equal(room > 600, unpacked.GetValueOrDefault(MessageHeaders.FaultMessage)?.Length == 400);
        Assert.Equal(room > 600, unpacked.GetValueOrDefault(MessageHeaders.FaultStackTrace)?.Length > 100);
    }

    [Fact]
    public void Where_there_is_no_room_there_is_none() => Assert.Null(AmazonSqsFailure.Pack(Failure("m", "s"), 50));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("""{ "a": { "b": 1 } }""")]
    [InlineData("null")]
    public void What_a_peer_wrote_there_is_nothing(string? text) => Assert.Empty(AmazonSqsFailure.Unpack(text));

    [Theory]
    [InlineData("No stock.\r\n\té 😀", true)]
    [InlineData("", false)]
    [InlineData("a\u0000b", false)]
    [InlineData("\u001b[31m", false)]
    [InlineData("\uFFFE", false)]
    public void A_value_has_the_characters_of_XML(string text, bool taken) => Assert.Equal(taken, AmazonSqsFailure.IsTaken(text));

    private static Dictionary<string, string> Failure(string message, string stackTrace) => new()
    {
        [MessageHeaders.FaultExceptionType] = "System.TimeoutException",
        [MessageHeaders.FaultMessage] = message,
        [MessageHeaders.FaultStackTrace] = stackTrace,
        [AmazonSqsFailure.Group] = "customer-1",
    };
}
