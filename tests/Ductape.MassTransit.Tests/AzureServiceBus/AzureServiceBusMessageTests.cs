using Ductape.MassTransit.Transports;
using MassTransit;

namespace Ductape.MassTransit.Tests.AzureServiceBus;

/// <summary>What Service Bus limits: sessions, names, windows, properties.</summary>
public class AzureServiceBusMessageTests
{
    private static readonly Guid Id = Guid.Parse("11111111-2222-3333-4444-555555555555");

    [Theory]
    [InlineData("customer é", "customer é")]
    [InlineData(null, "11111111222233334444555555555555")]
    [InlineData("", "11111111222233334444555555555555")]
    public void The_session_is_the_partition_key_and_without_one_the_message(string? key, string session) =>
        Assert.Equal(session, AzureServiceBusSession.IdOf(new MessageKeys(Id, key, null)));

    [Fact]
    public void A_session_has_at_most_128_characters()
    {
        Assert.Equal(128, AzureServiceBusSession.IdOf(new MessageKeys(Id, new string('a', 128), null)).Length);
        Assert.Matches("^[0-9a-f]{64}$", AzureServiceBusSession.IdOf(new MessageKeys(Id, new string('a', 129), null)));
    }

    [Fact]
    public void A_subscription_has_at_most_50_characters_and_two_of_them_stay_apart()
    {
        var (one, other) = (AzureServiceBusNaming.Subscription(new string('q', 60) + "1"), AzureServiceBusNaming.Subscription(new string('q', 60) + "2"));

        Assert.Equal((50, 50), (one.Length, other.Length));
        Assert.NotEqual(one, other);
        Assert.Equal("shop-orders", AzureServiceBusNaming.Subscription("shop-orders"));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("00:00:05", "00:00:20")]
    [InlineData("00:10:00", "00:10:00")]
    [InlineData("30.00:00:00", "7.00:00:00")]
    public void The_window_is_one_that_Service_Bus_has(string? wanted, string? window) => Assert.Equal(
        window is null ? null : TimeSpan.Parse(window, System.Globalization.CultureInfo.InvariantCulture),
        AzureServiceBusDeduplication.WindowOf(wanted is null ? null : TimeSpan.Parse(wanted, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void The_headers_of_a_failure_are_cut_to_what_Service_Bus_takes()
    {
        Assert.Equal(8 * 1024, ((string)AzureServiceBusFailure.Fit(MessageHeaders.FaultStackTrace, new string('s', 100_000))).Length);
        Assert.Equal(2 * 1024, ((string)AzureServiceBusFailure.Fit(MessageHeaders.FaultMessage, new string('m', 100_000))).Length);
        Assert.Equal("short", AzureServiceBusFailure.Fit(MessageHeaders.FaultMessage, "short"));
        Assert.Equal(3, AzureServiceBusFailure.Fit(MessageHeaders.FaultRetryCount, 3));
    }
}
