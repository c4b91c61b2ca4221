using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

public class RetryRulesTests
{
    [Theory]
    [InlineData(Topic + ":Redelivery", """["00:00:00.999"]""", ":0: '00:00:00.9990000' is out of range; it must be from one second to 30 days.")]
    [InlineData(Topic + ":Redelivery", """["01:00:00", "30.00:00:01"]""", ":1: '30.00:00:01' is out of range; it must be from one second to 30 days.")]
    [InlineData(Topic + ":Redelivery", """["60"]""", ":0: '60' is not a time span like '00:00:30' (hours:minutes:seconds).")]
    [InlineData(Topic + ":Retry:Ignore", """["System.ArgumentException", "not a type"]""",
        ":1: 'not a type' is not the name of an exception type; write for example System.ArgumentException.")]
    [InlineData(Topic + ":Retry:Handle", """["System..Exception"]""",
        ":0: 'System..Exception' is not the name of an exception type; write for example System.ArgumentException.")]
    public void What_cannot_be_meant_is_refused_where_it_stands(string path, string json, string problem) =>
        Assert.Equal([$"Ductape:{path}{problem}"], StartUp.Problems(With((path, json))));

    [Fact]
    public void At_most_twenty_redeliveries()
    {
        var delays = string.Join(',', Enumerable.Repeat("\"00:01:00\"", 21));

        Assert.Equal([$"Ductape:{Topic}:Redelivery: 21 delays are too many; at most 20."], StartUp.Problems(With(($"{Topic}:Redelivery", $"[{delays}]"))));
    }

    [Fact]
    public void An_exception_cannot_be_both_ignored_and_handled() =>
        Assert.Equal([$"Ductape:{Topic}:Retry:Handle:0: 'TimeoutException' is under Ignore too; leave it in one of the two."],
            StartUp.Problems(With(($"{Topic}:Retry", """{ "Ignore": ["TimeoutException"], "Handle": ["TimeoutException"] }"""))));

    [Theory]
    [InlineData(Topic + ":Redelivery", """["00:00:01", "00:10:00", "30.00:00:00"]""")]
    [InlineData(Topic + ":Retry", """{ "Jitter": true, "Ignore": ["ArgumentException", "Some.Where.Outer+Inner", "Other.Generic`1"], "Handle": ["System.Exception"] }""")]
    public void The_ends_of_a_range_and_types_that_nobody_knows_are_accepted(string path, string json) =>
        Assert.Empty(StartUp.Problems(With((path, json))));
}
