using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

/// <summary>.NET reads the first part of a time span as days where it is over 23.</summary>
public class DurationTests
{
    [Theory]
    [InlineData("23:59:59", "23:59:59")]
    [InlineData("24:00:00", "1.00:00:00")]
    [InlineData("36:00:00", "1.12:00:00")]
    [InlineData("36:30", "1.12:30:00")]
    [InlineData(" 024:00:00.5 ", "1.00:00:00.5000000")]
    [InlineData("1000:00:00", "41.16:00:00")]
    [InlineData("2.00:00:00", "2.00:00:00")]
    [InlineData("36.01:00:00", "36.01:00:00")]
    [InlineData("36:01:00:00", "36.01:00:00")]
    public void Hours_may_be_any_number_and_days_have_a_point(string written, string read) =>
        Assert.Equal(read, Read(With(("IdempotencyWindow", $"\"{written}\""))).IdempotencyWindow.ToString("c"));

    [Fact]
    public void A_duration_is_read_the_same_wherever_it_stands()
    {
        const string Json = "\"24:00:00\"";
        var options = Read(With(
            ("PublishTimeout", Json),
            ($"{Topic}:Redelivery", """["00:00:30", "24:00:00", "36:00:00"]"""),
            ($"{Topic}:Deduplicate", Json),
            ($"{Product}:Sessions:web", $$"""{ "SigningKey": "0123456789abcdef0123456789abcdef", "Expiry": {{Json}} }"""),
            ($"{Product}:Caches:orders:Expiry", Json)));

        var day = TimeSpan.FromDays(1);
        var product = options.Products["my_product"];
        var topic = product.Brokers["sqsbroker"].Topics["new-orders"];
        Assert.Equal(day, options.PublishTimeout);
        Assert.Equal([TimeSpan.FromSeconds(30), day, 1.5 * day], topic.Redelivery);
        Assert.Equal(day, topic.Deduplicate);
        Assert.Equal(day, product.Sessions["web"].Expiry);
        Assert.Equal(day, product.Caches["orders"].Expiry);
    }

    [Fact]
    public void Hours_may_be_less_than_none() =>
        Assert.Equal(["Ductape:IdempotencyWindow: '-2.00:00:01' is out of range; it must be more than zero and at most 365 days."],
            StartUp.Problems(With(("IdempotencyWindow", "\"-48:00:01\""))));

    [Fact]
    public void A_duration_of_a_transport_is_read_the_same() =>
        Assert.Equal(
            [$"Ductape:{Dev}:Config:Heartbeat: '1.00:00:00' is out of range; it must be from one second to ten minutes."],
            StartUp.Problems(With((Dev, """{ "Type": "RABBITMQ", "Config": { "Heartbeat": "24:00:00" } }""")), x => x.AddRabbitMq()));

    private static DuctapeOptions Read(string json)
    {
        var services = TestServices.With(json);
        services.AddDuctapeMessageBroker();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<DuctapeOptions>>().CurrentValue;
    }
}
