using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.AzureServiceBus;

public class AzureServiceBusSettingsTests
{
    private const string Eu = $"{Broker}:Envs:prd-eu";
    private const string Key = "Endpoint=sb://orders.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=s3cret=";

    [Theory]
    [InlineData($$"""{ "ConnectionString": "{{Key}}" }""", "orders.servicebus.windows.net")]
    [InlineData("""{ "connectionString": "Endpoint=sb://localhost;SharedAccessKeyName=k;SharedAccessKey=s;UseDevelopmentEmulator=true;" }""", "localhost")]
    [InlineData("""{ "ConnectionString": "Endpoint=sb://localhost:5672;SharedAccessKeyName=k;SharedAccessKey=s" }""", "localhost:5672")]
    [InlineData("""{ "ConnectionString": "$Secret{AZURE}" }""", "a namespace in a secret")]
    [InlineData("""{ "Namespace": "orders" }""", "orders.servicebus.windows.net")]
    [InlineData("""{ "Namespace": "orders.servicebus.chinacloudapi.cn", "QueueName": "in/orders" }""", "orders.servicebus.chinacloudapi.cn, queue in/orders")]
    [InlineData("""{ "Namespace": "orders", "Tier": "premium", "Sessions": true, "Provision": "none", "MaxDeliveryCount": 3, "LockDuration": "00:05:00", "UseWebSockets": true }""", "orders.servicebus.windows.net")]
    public void Valid_settings_are_described_by_their_namespace(string config, string description)
    {
        Assert.Empty(Problems(config));
        using var services = TestProvider.Build(Json(config), x => x.AddAzureServiceBus());

        Assert.Equal(description, Assert.Single(TopicPlans.Of(services), x => x.Env == "prd-eu").Settings.ToString());
    }

    [Theory]
    [InlineData("""{}""", "ConnectionString: it is missing; give it, or Namespace for the identity that DefaultAzureCredential finds.")]
    [InlineData($$"""{ "ConnectionString": "{{Key}}", "Namespace": "orders" }""", "Namespace: it excludes ConnectionString; give one or the other.")]
    [InlineData("""{ "Namespace": "sb://orders/" }""", "Namespace: 'sb://orders/' is not the name of a namespace; write 'name' or 'name.servicebus.windows.net'.")]
    [InlineData("""{ "ConnectionString": "s3cret" }""", "ConnectionString: it has no endpoint (not shown, since it may hold a key); write Endpoint=sb://name.servicebus.windows.net/;SharedAccessKeyName=…;SharedAccessKey=….")]
    [InlineData($$"""{ "ConnectionString": "{{Key}};EntityPath=q" }""", "ConnectionString: it is that of one queue or topic (EntityPath); give that of the namespace, and name the queue in QueueName.")]
    [InlineData("""{ "ConnectionString": "Endpoint=sb://orders/" }""", "ConnectionString: it has no key (SharedAccessKey or SharedAccessSignature); give one, or Namespace for DefaultAzureCredential.")]
    [InlineData("""{ "Namespace": "orders", "QueueName": "a b" }""", "QueueName: 'a b' is not the name of a queue: 1 to 260 of letters (a to z), digits, '-', '_', '.' and '/'.")]
    [InlineData("""{ "Namespace": "orders", "QueueName": "$Secret{Q}" }""", "QueueName: a secret cannot stand here, since the queue's name is shown in logs and errors; write the name.")]
    [InlineData("""{ "Namespace": "orders", "MaxDeliveryCount": 0 }""", "MaxDeliveryCount: 0 is out of range; it must be from 1 to 2000.")]
    [InlineData("""{ "Namespace": "orders", "LockDuration": "00:06:00" }""", "LockDuration: '00:06:00' is out of range; it must be from five seconds to five minutes.")]
    [InlineData("""{ "Namespace": "orders", "MaxHandlingTime": "1.00:00:01" }""", "MaxHandlingTime: '1.00:00:01' is out of range; it must be from five seconds to one day.")]
    [InlineData("""{ "Namespace": "orders", "Tier": "basic" }""", "Tier: 'basic' is not one of Standard, Premium.")]
    public void A_wrong_setting_is_a_problem_in_whatever_environment(string config, string problem) =>
        Assert.Equal([$"Ductape:{Eu}:Config:{problem}"], Problems(config));

    [Fact]
    public void Names_have_at_most_260_characters_with_what_MassTransit_adds()
    {
        var topic = new string('t', 300);
        using var services = TestProvider.Build(
            With((Eu, """{ "Type": "AZURE_SERVICE_BUS", "Config": { "Namespace": "orders" } }"""), ($"{Broker}:Topics:{topic}", "{}")), x => x.AddAzureServiceBus());

        var plan = Assert.Single(TopicPlans.Of(services), x => x.Env == "prd-eu" && x.Event.EndsWith(topic));

        Assert.Equal((260, 252), (plan.Entity.Length, plan.Queue.Length));
    }

    private static string Json(string config) => With((Eu, $$"""{ "Type": "AZURE_SERVICE_BUS", "Config": {{config}} }"""));

    private static IReadOnlyList<string> Problems(string config) => StartUp.Problems(Json(config), x => x.AddAzureServiceBus());
}
