using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.RabbitMq;

public class RabbitMqSettingsTests
{
    [Theory]
    [InlineData("""{}""", "amqp://localhost:5672/")]
    [InlineData("""{ "Url": "amqp://guest:guest@localhost:5672/" }""", "amqp://localhost:5672/")]
    [InlineData("""{ "url": "amqp://rabbit" }""", "amqp://rabbit:5672/")]
    [InlineData("""{ "Url": "amqps://u:p%40ss@rabbit.example.com/orders%2Feu" }""", "amqps://rabbit.example.com:5671/orders/eu")]
    [InlineData("""{ "Host": "rabbit", "Port": 5673, "Username": "u", "Password": "p", "VirtualHost": "orders" }""", "amqp://rabbit:5673/orders")]
    [InlineData("""{ "Host": "rabbit", "Tls": { "Enabled": true } }""", "amqps://rabbit:5671/")]
    [InlineData("""{ "Hosts": [ "a", "b:5673" ] }""", "amqp://a:5672,b:5673/")]
    [InlineData("""{ "Url": "amqp://[::1]:5673/" }""", "amqp://[::1]:5673/")]
    [InlineData("""{ "QueueType": "quorum", "DeliveryLimit": 5, "Prefetch": 10, "Concurrency": 5, "Heartbeat": "00:00:30", "ConnectTimeout": "00:00:05" }""", "amqp://localhost:5672/")]
    public void A_valid_configuration_is_described_by_its_address(string config, string address)
    {
        var json = With((Dev, $$"""{ "Type": "RABBITMQ", "Config": {{config}} }"""));
        Assert.Empty(StartUp.Problems(json, x => x.AddRabbitMq()));
        using var services = TestProvider.Build(json, x => x.AddRabbitMq());

        Assert.Equal($"RABBITMQ ({address})", services.Catalog().FetchRoute(Event).Connection);
    }

    [Theory]
    [InlineData("""{ "Url": "localhost" }""", "Url: it is not an AMQP URL (not shown, since it may hold a password); write amqp://user:password@host:5672/vhost.")]
    [InlineData("""{ "Url": "http://localhost/" }""", "Url: it is not an AMQP URL (not shown, since it may hold a password); write amqp://user:password@host:5672/vhost.")]
    [InlineData("""{ "Url": "" }""", "Url: it is not an AMQP URL (not shown, since it may hold a password); write amqp://user:password@host:5672/vhost.")]
    [InlineData("""{ "Url": "amqp://a/", "Host": "b" }""", "Url: it excludes Host, Hosts and Port; give one or the other.")]
    [InlineData("""{ "Url": "amqp://a/", "Port": 1 }""", "Url: it excludes Host, Hosts and Port; give one or the other.")]
    [InlineData("""{ "Url": "amqp://u:p@a/", "Username": "x" }""", "Username: the Url names a user too; give one or the other.")]
    [InlineData("""{ "Url": "amqp://a/x", "VirtualHost": "y" }""", "VirtualHost: the Url names one too; give one or the other.")]
    [InlineData("""{ "Host": "a", "Hosts": [ "b" ] }""", "Hosts: it excludes Host; give one or the other.")]
    [InlineData("""{ "Host": " " }""", "Host: it is blank.")]
    [InlineData("""{ "Hosts": [ "a", "b:x" ] }""", "Hosts:1: 'b:x' is not 'host' or 'host:port'.")]
    [InlineData("""{ "Hosts": [ "a:70000" ] }""", "Hosts:0: 'a:70000' is not 'host' or 'host:port'.")]
    [InlineData("""{ "Hosts": [ "a:0" ] }""", "Hosts:0: 'a:0' is not 'host' or 'host:port'.")]
    [InlineData("""{ "Hosts": [ "" ] }""", "Hosts:0: '' is not 'host' or 'host:port'.")]
    [InlineData("""{ "Port": 0 }""", "Port: 0 is out of range; it must be from 1 to 65535.")]
    [InlineData("""{ "Port": 65536 }""", "Port: 65536 is out of range; it must be from 1 to 65535.")]
    [InlineData("""{ "ConnectTimeout": "00:00:00" }""", "ConnectTimeout: '00:00:00' is out of range; it must be more than zero and at most ten minutes.")]
    [InlineData("""{ "Heartbeat": "00:00:00.500" }""", "Heartbeat: '00:00:00.5000000' is out of range; it must be from one second to ten minutes.")]
    [InlineData("""{ "DeliveryLimit": 0 }""", "DeliveryLimit: 0 is out of range; it must be from 1 to 1000.")]
    [InlineData("""{ "Prefetch": 0 }""", "Prefetch: 0 is out of range; it must be from 1 to 65535.")]
    [InlineData("""{ "Concurrency": -1 }""", "Concurrency: -1 is out of range; it must be from 1 to 65535.")]
    [InlineData("""{ "QueueType": "stream" }""", "QueueType: 'stream' is not one of Classic, Quorum.")]
    [InlineData("""{ "Port": "amqp" }""", "Port: 'amqp' is not a whole number.")]
    [InlineData("""{ "Heartbeat": "10" }""", "Heartbeat: '10' is not a time span like '00:00:30' (hours:minutes:seconds).")]
    [InlineData("""{ "Tls": { "CaCertificatePath": "/none/ca.pem" } }""", "Tls:CaCertificatePath: there is no file '/none/ca.pem'.")]
    [InlineData("""{ "Tls": { "ClientCertificatePath": "/none/c.p12" } }""", "Tls:ClientCertificatePath: there is no file '/none/c.p12'.")]
    public void A_wrong_setting_is_a_problem_at_start_up(string config, string problem) =>
        Assert.Equal([$"Ductape:{Dev}:Config:{problem}"],
            StartUp.Problems(With((Dev, $$"""{ "Type": "RABBITMQ", "Config": {{config}} }""")), x => x.AddRabbitMq()));

    [Fact]
    public void Settings_are_checked_in_every_environment_and_not_only_in_the_one_in_use() =>
        Assert.Equal([$"Ductape:{Stg}:Config:Port: 0 is out of range; it must be from 1 to 65535."],
            StartUp.Problems(With((Stg, """{ "Type": "RABBITMQ", "Config": { "Port": 0 } }""")), x => x.AddRabbitMq()));

    [Theory]
    [InlineData("""{ "Url": "amqp://localhost", "Prot": 1 }""", "Prot: it is not a known key. Did you mean 'Port'?")]
    [InlineData("""{ "Tls": { "Enable": true } }""", "Tls:Enable: it is not a known key. Did you mean 'Enabled'?")]
    [InlineData("""{ "Username": "u", "Passwort": "p" }""", "Passwort: it is not a known key. Did you mean 'Password'?")]
    public void An_unknown_setting_names_the_near_miss(string config, string problem) =>
        Assert.StartsWith($"Ductape:{Dev}:Config:{problem}",
            Assert.Single(StartUp.Problems(With((Dev, $$"""{ "Type": "RABBITMQ", "Config": {{config}} }""")), x => x.AddRabbitMq())));

    [Fact]
    public void Names_follow_RabbitMQs_rules()
    {
        var topic = string.Concat(Enumerable.Repeat("order", 60));
        using var services = TestProvider.Build(
            With((Dev, """{ "Type": "RABBITMQ" }"""), ($"{Broker}:Topics:{topic}", "{}")), x => x.AddRabbitMq());

        var route = services.Catalog().FetchRoute($"sqsbroker:{topic}");

        Assert.Equal((255, 247), (route.Entity.Length, route.Queue.Length));
        Assert.All(route.Entity + route.Queue, x => Assert.True(char.IsAscii(x)));
        Assert.Equal((16 * 1024 * 1024) - (64 * 1024), route.MaxMessageSize);
    }

    [Fact]
    public void An_explicit_name_that_RabbitMQ_does_not_accept_is_refused() =>
        Assert.Equal([$"Ductape:{Topic}:Queue: 'größe' has a character that the broker does not accept; use letters (a to z), digits, '-', '_', '.' and ':'."],
            StartUp.Problems(With((Dev, """{ "Type": "RABBITMQ" }"""), ($"{Topic}:Queue", "\"größe\"")), x => x.AddRabbitMq()));
}
