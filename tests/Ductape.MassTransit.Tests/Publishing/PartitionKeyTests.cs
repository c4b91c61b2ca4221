using System.Text.Json;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Publishing;

public class PartitionKeyTests
{
    [Fact]
    public void The_field_reads_and_writes_under_its_name()
    {
        var input = JsonSerializer.Deserialize<PublishInput>("""{ "message": 1, "partition_key": "c-1" }""")!;

        Assert.Equal("c-1", input.PartitionKey);
        Assert.Equal("""{"message":1,"partition_key":"c-1"}""", JsonSerializer.Serialize(input));
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        await using var services = TestProvider.Build();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1, partitionKey: new string('k', 129)));

        Assert.Equal("INVALID_INPUT: 'input.partition_key' has 129 characters; at most 128 fit. Nothing was sent.", error.Message);
        await services.Broker().PublishAsync(Event, 1, partitionKey: new string('k', 128));
    }

    [Fact]
    public async Task A_key_in_the_message_that_is_too_long_is_refused_with_its_path()
    {
        await using var services = TestProvider.Build(With(($"{Topic}:PartitionKey", "\"customer.id\"")));

        var error = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().PublishAsync(Event, new { customer = new { id = new string('k', 200) } }));

        Assert.Equal("INVALID_INPUT: the partition key in the message, 'customer.id', has 200 characters; at most 128 fit. Nothing was sent.",
            error.Message);
    }

    [Theory]
    [InlineData("""{"customer":{"id":"a","id":"b"}}""", "a")]
    [InlineData("""{"id":"no","customer":{"x":{"id":"no"},"y":[{"id":"no"}],"id":"yes"}}""", "yes")]
    [InlineData("""{"customer":{"id":1E+2}}""", "1E+2")]
    [InlineData("""{"customer":{"id":""}}""", null)]
    [InlineData("""{"customer":{"id":{"id":"deeper"}}}""", null)]
    [InlineData("""{"customer":null}""", null)]
    [InlineData("""{"Customer":{"Id":"case counts"}}""", null)]
    [InlineData("""[{"customer":{"id":"in a list"}}]""", null)]
    [InlineData("7", null)]
    public async Task The_key_is_found_where_the_path_leads(string payload, string? key)
    {
        var found = await PublishAndReceive.ReadAsync(
            System.Text.Encoding.UTF8.GetBytes(payload), x => x.PartitionKey ?? "none", json: With(($"{Topic}:PartitionKey", "\"customer.id\"")));

        Assert.Equal(key ?? "none", found);
    }

    [Fact]
    public async Task A_given_key_travels_on_a_topic_without_the_option_and_is_no_header_of_the_users()
    {
        await using var services = TestProvider.Build();
        var received = new TaskCompletionSource<ReceivedMessage>();
        var headers = new TaskCompletionSource<int>();
        await using var subscription = await services.Broker().SubscribeAsync(Event, message =>
        {
            headers.TrySetResult(message.Headers.Count);
            received.TrySetResult(message);
            return Task.CompletedTask;
        });

        await services.Broker().PublishAsync(Event, 1, partitionKey: "c-1");

        Assert.Equal("c-1", (await received.Task.WaitAsync(PublishAndReceive.Deadline)).PartitionKey);
        Assert.Equal(0, await headers.Task.WaitAsync(PublishAndReceive.Deadline));
    }
}
