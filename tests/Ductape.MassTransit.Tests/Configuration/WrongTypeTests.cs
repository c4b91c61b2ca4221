using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

public class WrongTypeTests
{
    private const string TimeSpanForm = "a time span like '00:00:30' (hours:minutes:seconds)";

    [Theory]
    [InlineData("PublishTimeout", "\"30\"", $": '30' is not {TimeSpanForm}.")]
    [InlineData("PublishTimeout", "30", $": '30' is not {TimeSpanForm}.")]
    [InlineData("PublishTimeout", "\"\"", $": '' is not {TimeSpanForm}.")]
    [InlineData("SubscribeTimeout", "\"half:past:ten\"", $": 'half:past:ten' is not {TimeSpanForm}.")]
    [InlineData("SubscribeTimeout", "\"10:61:00\"", $": '10:61:00' is not {TimeSpanForm}.")]
    [InlineData("SubscribeTimeout", """{ "Seconds": 30 }""", $": it takes a single value ({TimeSpanForm}), not an object or a list.")]
    [InlineData("UsageTelemetry", "\"perhaps\"", ": 'perhaps' is not true or false.")]
    [InlineData("Product", """{ "Tag": "my_product" }""", ": it takes a single value (text), not an object or a list.")]
    [InlineData("Env", """["dev"]""", ": it takes a single value (text), not an object or a list.")]
    [InlineData(Broker + ":Name", """{ "en": "Orders" }""", ": it takes a single value (text), not an object or a list.")]
    [InlineData(Dev + ":Format", "\"xml\"", ": 'xml' is not one of Envelope, Json.")]
    [InlineData(Dev + ":Format", "1", ": '1' is not one of Envelope, Json.")]
    [InlineData(Dev + ":MaxMessageSize", "\"64k\"", ": '64k' is not a whole number.")]
    [InlineData(Dev + ":Config", "\"none\"", ": it takes an object, not a single value.")]
    [InlineData(Dev + ":Config:Prefetch", "\"\"", ": '' is not a whole number.")]
    [InlineData(Dev + ":Config:Concurrency", """{ "Max": 1 }""", ": it takes a single value (a whole number), not an object or a list.")]
    [InlineData(Topic, "\"New orders\"", ": it takes an object, not a single value.")]
    [InlineData(Topic + ":Prefetch", "\"many\"", ": 'many' is not a whole number.")]
    [InlineData(Topic + ":Prefetch", "1.5", ": '1.5' is not a whole number.")]
    [InlineData(Topic + ":Prefetch", "99999999999", ": '99999999999' is not a whole number.")]
    [InlineData(Topic + ":Retry", "3", ": it takes an object, not a single value.")]
    [InlineData(Topic + ":Retry:Count", "true", ": 'True' is not a whole number.")]
    [InlineData(Topic + ":Retry:Multiplier", "\"double\"", ": 'double' is not a number.")]
    [InlineData(Topic + ":Retry:InitialDelay", "200", $": '200' is not {TimeSpanForm}.")]
    [InlineData(Topic + ":Subscribers", "\"billing\"", ": it takes a list, not a single value.")]
    [InlineData(Topic + ":Subscribers", """[ { "Tag": "billing" } ]""", ":0: it takes a single value (text), not an object or a list.")]
    [InlineData(Product + ":Caches:orders", "60000", ": it takes an object, not a single value.")]
    [InlineData(Product + ":Sessions:web:Expiry", "\"one hour\"", ": 'one hour' is not a time span like '00:00:30' (hours:minutes:seconds) or a whole number of hours.")]
    [InlineData(Product + ":Caches:orders:Expiry", "1.5", ": '1.5' is not a time span like '00:00:30' (hours:minutes:seconds) or a whole number of milliseconds.")]
    [InlineData(Product + ":Caches:orders:Expiry", "999999999999999999", ": '999999999999999999' is not a time span like '00:00:30' (hours:minutes:seconds) or a whole number of milliseconds.")]
    public void A_value_of_the_wrong_type_is_shown_with_what_is_expected(string path, string json, string problem) =>
        Assert.Equal([$"Ductape:{path}{problem}"], StartUp.Problems(With((path, json))));

    [Theory]
    [InlineData("Products", "\"my_product\"")]
    [InlineData("Products", "[\"my_product\"]")]
    public void Products_that_are_not_objects_are_told(string path, string json)
    {
        var problems = StartUp.Problems(With((path, json)));

        Assert.Contains(problems, x => x.StartsWith("Ductape:Products", StringComparison.Ordinal) && x.EndsWith(": it takes an object, not a single value.", StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_fit_leaves_the_rest_bound_and_checked() =>
        Assert.Equal(
            [
                $"Ductape:{Topic}:Prefetch: 'many' is not a whole number.",
                $"Ductape:{Topic}:Retry:Count: 101 is out of range; it must be from 0 to 100.",
            ],
            StartUp.Problems(With(($"{Topic}:Prefetch", "\"many\""), ($"{Topic}:Retry:Count", "101"))));
}
