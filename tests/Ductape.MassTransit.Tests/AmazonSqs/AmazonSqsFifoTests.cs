using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Tests.AmazonSqs;

public class AmazonSqsFifoTests
{
    private static readonly Guid Id = Guid.Parse("11111111-2222-3333-4444-555555555555");

    [Theory]
    [InlineData("customer-1", "customer-1")]
    [InlineData(null, "11111111222233334444555555555555")]
    [InlineData("", "11111111222233334444555555555555")]
    public void The_group_is_the_partition_key_and_without_one_the_message(string? key, string group) =>
        Assert.Equal(group, AmazonSqsFifo.GroupId(new MessageKeys(Id, key, null)));

    [Theory]
    [InlineData("order-1", "order-1")]
    [InlineData(null, "11111111222233334444555555555555")]
    public void The_deduplication_id_is_the_idempotency_key_and_without_one_the_message(string? key, string id) =>
        Assert.Equal(id, AmazonSqsFifo.DeduplicationId(new MessageKeys(Id, "group", key)));

    [Theory]
    [InlineData("with a space")]
    [InlineData("é")]
    [InlineData("a\u0007b")]
    public void What_AWS_does_not_take_is_hashed(string key) => Assert.Matches("^[0-9a-f]{64}$", AmazonSqsFifo.GroupId(new MessageKeys(Id, key, null)));

    [Fact]
    public void What_is_too_long_is_hashed_and_stays_apart()
    {
        var (one, other) = (new string('a', 128), new string('a', 129));

        Assert.Equal(one, AmazonSqsFifo.GroupId(new MessageKeys(Id, one, null)));
        Assert.Equal(64, AmazonSqsFifo.GroupId(new MessageKeys(Id, other, null)).Length);
        Assert.NotEqual(AmazonSqsFifo.GroupId(new MessageKeys(Id, other, null)), AmazonSqsFifo.GroupId(new MessageKeys(Id, other + "a", null)));
    }
}
