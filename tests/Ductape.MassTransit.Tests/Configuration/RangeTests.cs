using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

public class RangeTests
{
    [Theory]
    [InlineData("PublishTimeout", "\"00:00:00\"", "'00:00:00' is out of range; it must be more than zero and at most one day.")]
    [InlineData("PublishTimeout", "\"-00:00:01\"", "'-00:00:01' is out of range; it must be more than zero and at most one day.")]
    [InlineData("SubscribeTimeout", "\"1.00:00:01\"", "'1.00:00:01' is out of range; it must be more than zero and at most one day.")]
    [InlineData("MaxWaitingPublishes", "0", "0 is out of range; it must be at least 1.")]
    [InlineData(Dev + ":MaxMessageSize", "0", "0 is out of range; it is a number of bytes and must be at least 1.")]
    [InlineData(Dev + ":Config:Prefetch", "0", "0 is out of range; it must be from 1 to 65535.")]
    [InlineData(Dev + ":Config:Concurrency", "65536", "65536 is out of range; it must be from 1 to 65535.")]
    [InlineData(Topic + ":Prefetch", "-1", "-1 is out of range; it must be from 1 to 65535.")]
    [InlineData(Topic + ":Concurrency", "0", "0 is out of range; it must be from 1 to 65535.")]
    [InlineData(Topic + ":Retry:Count", "-1", "-1 is out of range; it must be from 0 to 100.")]
    [InlineData(Topic + ":Retry:Count", "101", "101 is out of range; it must be from 0 to 100.")]
    [InlineData(Topic + ":Retry:InitialDelay", "\"-00:00:00.100\"", "'-00:00:00.1000000' is negative; it must be zero or more.")]
    [InlineData(Topic + ":Retry:Multiplier", "0.5", "0.5 is out of range; it must be from 1 to 100.")]
    [InlineData(Topic + ":Retry:Multiplier", "\"NaN\"", "NaN is out of range; it must be from 1 to 100.")]
    [InlineData(Topic + ":Retry:MaxDelay", "\"00:00:00.100\"", "'00:00:00.1000000' is out of range; it must be at least InitialDelay and at most one hour.")]
    [InlineData(Topic + ":Retry:MaxDelay", "\"01:00:01\"", "'01:00:01' is out of range; it must be at least InitialDelay and at most one hour.")]
    [InlineData(Topic + ":ExchangeType", "\"headers\"", "'headers' is not known; one of fanout, direct, topic.")]
    [InlineData(Topic + ":Envs:dev:ExchangeType", "\"headers\"", "'headers' is not known; one of fanout, direct, topic.")]
    [InlineData(Product + ":Caches:orders:Expiry", "-5", "'-00:00:00.0050000' is out of range; it must be more than zero and at most 365 days.")]
    [InlineData(Product + ":Caches:orders:Expiry", "31536000001", "'365.00:00:00.0010000' is out of range; it must be more than zero and at most 365 days.")]
    [InlineData(Topic + ":Deduplicate", "\"-00:10:00\"", "'-00:10:00' is out of range; it must be more than zero and at most 365 days.")]
    [InlineData(Topic + ":KillSwitch:ActivationThreshold", "0", "0 is out of range; it must be from 1 to 1000000.")]
    [InlineData(Topic + ":KillSwitch:TripThreshold", "0", "0 is out of range; it is a share and must be more than 0 and at most 1.")]
    [InlineData(Topic + ":KillSwitch:TripThreshold", "15", "15 is out of range; it is a share and must be more than 0 and at most 1.")]
    [InlineData(Topic + ":KillSwitch:TrackingPeriod", "\"00:00:00\"", "'00:00:00' is out of range; it must be more than zero and at most one day.")]
    [InlineData(Topic + ":KillSwitch:RestartTimeout", "\"00:00:00.500\"", "'00:00:00.5000000' is out of range; it must be from one second to one day.")]
    [InlineData(Topic + ":PartitionKey", "\"customer..id\"", "'customer..id' is not a path; write names with dots between, as customer.id.")]
    [InlineData("IdempotencyWindow", "\"00:00:00\"", "'00:00:00' is out of range; it must be more than zero and at most 365 days.")]
    [InlineData("IdempotencyWindow", "\"366.00:00:00\"", "'366.00:00:00' is out of range; it must be more than zero and at most 365 days.")]
    public void A_value_out_of_range_is_shown_with_the_range(string path, string json, string problem) =>
        Assert.Equal([$"Ductape:{path}: {problem}"], StartUp.Problems(With((path, json))));

    [Theory]
    [InlineData("PublishTimeout", "\"1.00:00:00\"")]
    [InlineData(Topic + ":Retry:Count", "0")]
    [InlineData(Topic + ":Retry:Count", "100")]
    [InlineData(Topic + ":Retry:InitialDelay", "\"00:00:00\"")]
    [InlineData(Topic + ":Retry:Multiplier", "1")]
    [InlineData(Topic + ":Retry:MaxDelay", "\"01:00:00\"")]
    [InlineData(Topic + ":Prefetch", "65535")]
    [InlineData(Topic + ":KillSwitch:TripThreshold", "1")]
    [InlineData(Topic + ":KillSwitch:RestartTimeout", "\"00:00:01\"")]
    [InlineData(Topic + ":PartitionKey", "\"id\"")]
    [InlineData(Topic + ":Ordered", "false")]
    [InlineData(Topic + ":Concurrency", "1")]
    [InlineData(Dev + ":MaxMessageSize", "1")]
    [InlineData(Dev + ":Format", "\"json\"")]
    public void The_ends_of_a_range_belong_to_it(string path, string json) => Assert.Empty(StartUp.Problems(With((path, json))));

    [Theory]
    [InlineData("Products:my product", "product", "my product", ' ')]
    [InlineData(Product + ":Brokers:sqs/broker", "broker", "sqs/broker", '/')]
    [InlineData(Broker + ":Envs:d%v", "environment", "d%v", '%')]
    [InlineData(Broker + ":Topics:new#orders", "topic", "new#orders", '#')]
    [InlineData(Product + ":Sessions:we?b", "session", "we?b", '?')]
    [InlineData(Product + ":Caches:a\\b", "cache", "a\\b", '\\')]
    public void A_tag_with_an_odd_character_is_refused_where_it_stands(string path, string what, string tag, char character)
    {
        var body = what is "broker" ? """{ "Envs": { "dev": { "Type": "IN_MEMORY" } } }""" : what is "session" ? """{ "SigningKey": "$Secret{KEY}" }""" : what is "environment" ? """{ "Type": "IN_MEMORY" }""" : "{}";

        Assert.Equal([$"Ductape:{path}: the {what} tag '{tag}' has the character '{character}'; use letters (a to z), digits, '-', '_' and '.'."],
            StartUp.Problems(With((path, body))));
    }

    [Fact]
    public void A_topic_cannot_speak_of_an_environment_that_its_broker_does_not_have() =>
        Assert.Equal([$"Ductape:{Topic}:Envs:dve: the broker has no environment 'dve'. Did you mean 'dev'? Configured: 'dev'."],
            StartUp.Problems(With(($"{Topic}:Envs:dve:Queue", "\"orders\""))));

    [Fact]
    public void A_subscriber_with_an_impossible_tag_is_refused_at_its_place() =>
        Assert.Equal([$"Ductape:{Topic}:Subscribers:1: the product tag ' ' is blank."],
            StartUp.Problems(With(($"{Topic}:Subscribers", """["billing", " "]"""))));
}
