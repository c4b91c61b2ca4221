using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

public class WrongTypeTests
{
    private const string TimeSpanForm = "a time span like '00:00:30' (hours:minutes:seconds)";
    private const string Names = "give each element a name as its key; the keys 0, 1 and so on alone are those of a list";

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
    [InlineData(Product + ":Caches:orders:Expiry", "\"\"", $": '' is not {TimeSpanForm} or a whole number of milliseconds.")]
    [InlineData(Product + ":Caches:orders:Expiry", """{ "Ms": 1 }""", $": it takes a single value ({TimeSpanForm} or a whole number of milliseconds), not an object or a list.")]
    [InlineData(Broker + ":Topics:sqsbroker", """{ "new-orders": {} }""", ":new-orders: it is not a known key; a topic's tag has no broker in front here: write 'new-orders' for 'sqsbroker:new-orders'.")]
    [InlineData("PublishTimeout", "\"24:60:00\"", $": '24:60:00' is not {TimeSpanForm}.")]
    [InlineData("PublishTimeout", "\"1.24:00:00\"", $": '1.24:00:00' is not {TimeSpanForm}.")]
    [InlineData("PublishTimeout", "\"2147483647:00:00\"", $": '2147483647:00:00' is not {TimeSpanForm}.")]
    [InlineData(Topic + ":Subscribers", "[null]", ":0: it is null; leave it out, or give it a value.")]
    [InlineData(Topic + ":Redelivery", "[null]", ":0: it is null; leave it out, or give it a value.")]
    [InlineData(Product + ":Caches:orders:Expiry", "1.5", ": '1.5' is not a time span like '00:00:30' (hours:minutes:seconds) or a whole number of milliseconds.")]
    [InlineData(Product + ":Caches:orders:Expiry", "999999999999999999", ": '999999999999999999' is not a time span like '00:00:30' (hours:minutes:seconds) or a whole number of milliseconds.")]
    public void A_value_of_the_wrong_type_is_shown_with_what_is_expected(string path, string json, string problem) =>
        Assert.Equal([$"Ductape:{path}{problem}"], StartUp.Problems(With((path, json))));

    [Theory]
    [InlineData("\"my_product\"", "it takes an object, not a single value.")]
    [InlineData("[\"my_product\"]", $"it takes an object, not a list; {Names}.")]
    public void Products_that_are_not_objects_are_told(string json, string problem) =>
        Assert.Contains($"Ductape:Products: {problem}", StartUp.Problems(With(("Products", json))));

    [Theory]
    [InlineData(Broker + ":Topics", """[{ "Name": "new-orders" }]""", $"it takes an object, not a list; {Names}.")]
    [InlineData(Broker + ":Topics", """[{}, null, { "Name": "new-orders" }]""", $"it takes an object, not a list; {Names}.")]
    [InlineData(Topic + ":Envs", """[{ "Entity": "orders" }]""", $"it takes an object, not a list; {Names}.")]
    [InlineData(Topic + ":Arguments", """["x-max-length"]""", $"it takes an object, not a list; {Names}.")]
    [InlineData(Product + ":Sessions", """[{ "Selector": "$Session{sub}" }]""", $"it takes an object, not a list; {Names}.")]
    [InlineData(Product + ":Caches", """[{ "Name": "orders" }]""", $"it takes an object, not a list; {Names}.")]
    [InlineData("Brokers", """[{ "Name": "shared" }]""", $"it takes an object, not a list; {Names}.")]
    [InlineData("Secrets", """["x"]""", $"it takes an object, not a list; {Names}.")]
    [InlineData(Topic + ":Retry", """[{ "Count": 1 }]""", "it takes an object, not a list.")]
    [InlineData(Dev + ":Config", """[{ "Prefetch": 1 }]""", "it takes an object, not a list.")]
    [InlineData(Topic + ":Subscribers", """{ "billing": {} }""", "it takes a list, not an object; give its elements in brackets, without names.")]
    [InlineData(Topic + ":Subscribers", """{ "billing": true }""", "it takes a list, not an object; give its elements in brackets, without names.")]
    [InlineData(Topic + ":Redelivery", """{ "first": "00:00:05" }""", "it takes a list, not an object; give its elements in brackets, without names.")]
    public void A_list_in_the_place_of_an_object_with_names_is_told_and_the_reverse(string path, string json, string problem) =>
        Assert.Equal([$"Ductape:{path}: {problem}"], StartUp.Problems(With((path, json))));

    [Fact]
    public void Envs_that_are_a_list_are_told() =>
        Assert.Contains($"Ductape:{Broker}:Envs: it takes an object, not a list; {Names}.", StartUp.Problems(With(($"{Broker}:Envs", """[{ "Type": "IN_MEMORY" }]"""))));

    [Fact]
    public void A_tag_that_is_a_number_is_a_tag_beside_others() =>
        Assert.Empty(StartUp.Problems(With(($"{Broker}:Topics:0", "{}"), ($"{Broker}:Topics:1", "{}"))));

    [Fact]
    public void Keys_below_a_number_that_is_a_duration_are_told()
    {
        var configuration = new ConfigurationBuilder()
            .AddConfiguration(TestServices.Configuration(With(($"{Product}:Caches:orders:Expiry", "60000"))))
            .AddInMemoryCollection([KeyValuePair.Create($"Ductape:{Product}:Caches:orders:EXPIRY:X", (string?)"1")]).Build();
        var services = new ServiceCollection();
        services.AddDuctapeMessageBroker(configuration.GetSection("Ductape"));

        Assert.Equal(
            [$"Ductape:{Product}:Caches:orders:Expiry: it takes a single value ({TimeSpanForm} or a whole number of milliseconds), not an object or a list."],
            StartUp.Problems(services), StringComparer.OrdinalIgnoreCase);
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
