using System.Text;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Connections;

/// <summary>What the transports of the clouds refuse before anything is sent, by their public face.</summary>
public class CloudLimitTests
{
    [Theory]
    [InlineData(BrokerTypes.AwsSqs, "json", "[1]", DuctapeErrorCodes.InvalidInput)]
    [InlineData(BrokerTypes.AwsSqs, "json", """{"TopicArn":"x"}""", DuctapeErrorCodes.InvalidInput)]
    [InlineData(BrokerTypes.AwsSqs, "json", """{"a":{"TopicArn":"x"}}""", null)]
    [InlineData(BrokerTypes.AwsSqs, "envelope", "[1]", null)]
    [InlineData(BrokerTypes.AwsSqs, "envelope", "\"\uFFFF\"", DuctapeErrorCodes.InvalidInput)]
    [InlineData(BrokerTypes.AwsSqs, "envelope", "\"\\uFFFF\"", null)]
    [InlineData(BrokerTypes.AzureServiceBus, "json", "[1]", null)]
    [InlineData(BrokerTypes.AzureServiceBus, "envelope", "\"\uFFFF\"", null)]
    public void Some_payloads_are_refused(string type, string format, string payload, string? code) =>
        Assert.Equal(code, CodeOf(type, payload, null, format));

    [Theory]
    [InlineData(BrokerTypes.AwsSqs, 100, null)]
    [InlineData(BrokerTypes.AwsSqs, 3000, DuctapeErrorCodes.MessageTooLarge)]
    [InlineData(BrokerTypes.AzureServiceBus, 100, null)]
    [InlineData(BrokerTypes.AzureServiceBus, 3000, DuctapeErrorCodes.MessageTooLarge)]
    public void Headers_count(string type, int length, string? code) =>
        Assert.Equal(code, CodeOf(type, $"\"{new string('x', 998)}\"", new() { ["h"] = new string('x', length) }, "envelope", 1000));

    [Fact]
    public void A_header_that_MassTransit_would_cut_off_is_refused() =>
        Assert.Equal(DuctapeErrorCodes.InvalidInput, CodeOf(BrokerTypes.AzureServiceBus, "{}", new() { ["h"] = new string('x', 17_000) }, "json"));

    [Theory]
    [InlineData(5, null)]
    [InlineData(6, DuctapeErrorCodes.MessageTooLarge)]
    public void Azure_Service_Bus_takes_64_KB_of_headers_however_large_the_message_may_be(int count, string? code) => Assert.Equal(code, CodeOf(
        BrokerTypes.AzureServiceBus, "{}", Enumerable.Range(0, count).ToDictionary(x => $"h{x}", object? (_) => new string('x', 10_000)), "json", 1_000_000));

    private static string? CodeOf(string type, string payload, Dictionary<string, object?>? headers, string format, int maxMessageSize = 258048)
    {
        using var services = TestProvider.Build(more: x => x.AddAmazonSqs().AddAzureServiceBus());
        var limits = ((ILimitingTransport)services.GetServices<IBrokerTransport>().Single(x => x.Type == type)).Limits;
        try
        {
            limits.Check(Encoding.UTF8.GetBytes(payload), headers, Enum.Parse<MessageFormat>(format, true), maxMessageSize);
            return null;
        }
        catch (DuctapeException exception)
        {
            return exception.Code;
        }
    }
}
