using System.Globalization;

namespace Ductape.MassTransit.Tests.AmazonSqs;

public class AmazonSqsDelayTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("00:00:01", 1)]
    [InlineData("00:00:01.001", 2)]
    [InlineData("00:15:00", 900)]
    [InlineData("00:15:00.001", 900)]
    [InlineData("30.00:00:00", 900)]
    public void A_wait_is_whole_seconds_never_less_and_no_more_than_SQS_takes(string wait, int seconds) =>
        Assert.Equal(seconds, AmazonSqsDelay.SecondsOf(Of(wait)));

    [Theory]
    [InlineData("00:15:00", false)]
    [InlineData("00:15:01", true)]
    public void Only_a_wait_that_SQS_cannot_do_at_once_says_when_it_ends(string wait, bool says) =>
        Assert.Equal(says, AmazonSqsDelay.DueAfter(Of(wait), Now) is not null);

    [Theory]
    [InlineData("00:00:00", "02:00:00")]
    [InlineData("00:15:00", "01:45:00")]
    [InlineData("01:59:59", "00:00:01")]
    [InlineData("01:59:59.001", null)]
    [InlineData("02:00:00", null)]
    [InlineData("1.00:00:00", null)]
    public void What_is_left_of_two_hours_is_counted_from_their_end(string passed, string? left) =>
        Assert.Equal(left is null ? null : Of(left), AmazonSqsDelay.RemainingOf(AmazonSqsDelay.DueAfter(TimeSpan.FromHours(2), Now), Now + Of(passed)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1")]
    public void What_says_nothing_is_due(string? due) => Assert.Null(AmazonSqsDelay.RemainingOf(due, Now));

    private static TimeSpan Of(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
