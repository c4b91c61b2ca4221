namespace Ductape.MassTransit.Tests.AmazonSqs;

public class AmazonSqsReachTests
{
    [Theory]
    [InlineData("AWS.SimpleQueueService.NonExistentQueue", 400, true)]
    [InlineData("AccessDenied", 403, true)]
    [InlineData("InvalidClientTokenId", 403, false)]
    [InlineData("SignatureDoesNotMatch", 403, false)]
    [InlineData("ExpiredToken", 400, false)]
    [InlineData("ServiceUnavailable", 503, false)]
    [InlineData(null, 0, false)]
    public void SQS_is_reached_when_it_answers_someone_it_knows(string? code, int status, bool reached) =>
        Assert.Equal(reached, AmazonSqsReach.IsReached(code, status));

    [Theory]
    [InlineData("AWS.SimpleQueueService.NonExistentQueue", true)]
    [InlineData("QueueDoesNotExist", true)]
    [InlineData("NotFound", true)]
    [InlineData("AccessDenied", false)]
    [InlineData(null, false)]
    public void What_is_gone_is_told_from_what_is_refused(string? code, bool gone) => Assert.Equal(gone, AmazonSqsReach.IsGone(code));
}
