using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

/// <summary>.NET makes 0 of a null, which turns retries off and lets no publish wait.</summary>
public class NullValueTests
{
    [Fact]
    public void A_single_value_that_is_null_is_not_set_wherever_it_stands()
    {
        var root = JsonNode.Parse(With(
            ($"{Topic}:Retry", "{}"), ($"{Topic}:KillSwitch", "{}"), ($"{Product}:Caches:orders", "{}"),
            ($"{Product}:Sessions:web", """{ "SigningKey": "0123456789abcdef0123456789abcdef" }""")))!;
        foreach (var (path, type) in Sections)
        {
            var section = path.Split(':').Aggregate(root["Ductape"]!, (node, key) => key.Length == 0 ? node : node[key]!);
            foreach (var property in Scalars(type).Where(x => section[x.Name] is null))
                section[property.Name] = null;
        }

        Assert.Empty(StartUp.Problems(root.ToJsonString()));
        var options = Read(root.ToJsonString());
        var product = options.Products["my_product"];
        var topic = product.Brokers["sqsbroker"].Topics["new-orders"];
        AssertDefaults(options, nameof(options.Product), nameof(options.Env));
        AssertDefaults(product.Brokers["sqsbroker"].Envs["dev"], "Type");
        AssertDefaults(topic, "Name");
        AssertDefaults(topic.Retry);
        AssertDefaults(topic.KillSwitch!);
        AssertDefaults(product.Sessions["web"], "SigningKey");
        AssertDefaults(product.Caches["orders"]);
    }

    [Theory]
    [InlineData("RABBITMQ", typeof(RabbitMqSettings))]
    [InlineData("IN_MEMORY", typeof(InMemorySettings))]
    [InlineData("AWS_SQS", typeof(AmazonSqsSettings))]
    [InlineData("AZURE_SERVICE_BUS", typeof(AzureServiceBusSettings))]
    public void A_setting_of_a_transport_that_is_null_is_not_set(string type, Type settings)
    {
        var config = new JsonObject(Scalars(settings).Select(x => KeyValuePair.Create(x.Name, (JsonNode?)null)));

        Assert.Equal(Problems(type, "{}"), Problems(type, config.ToJsonString()));
    }

    private static (string Path, Type Type)[] Sections =>
    [
        ("", typeof(DuctapeOptions)), (Dev, typeof(BrokerEnvOptions)), (Topic, typeof(TopicOptions)), ($"{Topic}:Retry", typeof(RetryOptions)),
        ($"{Topic}:KillSwitch", typeof(KillSwitchOptions)), ($"{Product}:Sessions:web", typeof(SessionTypeOptions)),
        ($"{Product}:Caches:orders", typeof(CacheOptions)),
    ];

    private static IReadOnlyList<string> Problems(string type, string config) => StartUp.Problems(
        With((Dev, $$"""{ "Type": "{{type}}", "Config": {{config}} }""")), x => x.AddRabbitMq().AddAmazonSqs().AddAzureServiceBus());

    private static IEnumerable<PropertyInfo> Scalars(Type type) => type.GetProperties()
        .Where(x => x.CanWrite && (x.PropertyType.IsValueType || x.PropertyType == typeof(string)));

    private static void AssertDefaults(object options, params string[] set)
    {
        var defaults = Activator.CreateInstance(options.GetType());
        Assert.All(Scalars(options.GetType()).Where(x => !set.Contains(x.Name)), x => Assert.Equal(x.GetValue(defaults), x.GetValue(options)));
    }

    private static DuctapeOptions Read(string json)
    {
        var services = TestServices.With(json);
        services.AddDuctapeMessageBroker();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<DuctapeOptions>>().CurrentValue;
    }
}
