using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Hosting;

public class HostStartTests
{
    [Fact]
    public async Task An_invalid_configuration_stops_the_start_with_every_problem()
    {
        using var host = TestHost.Build(With(("Prodct", "\"x\""), ($"{Topic}:Retry:Count", "-1"), ($"{Dev}:Type", "\"KAFKA\"")));

        var exception = await Assert.ThrowsAsync<InvalidConfigurationException>(() => host.StartAsync());

        Assert.Equal(3, exception.Failures.Count());
        Assert.Single(exception.Failures, x => x.StartsWith("Ductape:Prodct: it is not a known key.", StringComparison.Ordinal));
        Assert.Single(exception.Failures, x => x.StartsWith($"Ductape:{Topic}:Retry:Count: -1 is out of range", StringComparison.Ordinal));
        Assert.Single(exception.Failures, x => x.StartsWith($"Ductape:{Dev}:Type: BROKER_TYPE_NOT_SUPPORTED", StringComparison.Ordinal));
        Assert.Equal(exception.Failures, exception.Message.Split(Environment.NewLine));
        Assert.Equal(exception.Failures, exception.Problems.Select(x => x.ToString()));
        Assert.Contains(new ConfigurationProblem($"Ductape:{Topic}:Retry:Count", "-1 is out of range", "it must be from 0 to 100"), exception.Problems);
        Assert.Contains(exception.Problems, x => x.Path == $"Ductape:{Dev}:Type" && x.Code == DuctapeErrorCodes.BrokerTypeNotSupported);
    }

    [Fact]
    public async Task Without_a_host_the_first_use_tells_the_same()
    {
        await using var services = TestProvider.Build(With(("Prodct", "\"x\"")));

        Assert.Throws<InvalidConfigurationException>(services.Broker);
        Assert.Throws<InvalidConfigurationException>(services.Catalog);
    }

    [Fact]
    public async Task A_host_starts_publishes_receives_and_stops()
    {
        using var host = TestHost.Build();
        await host.StartAsync();
        var inbox = new Conformance.Inbox();
        var subscription = await host.Services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await host.Services.Broker().PublishAsync(Event, 1);

        await inbox.HasAsync(1);
        await host.StopAsync().WaitAsync(PublishAndReceive.Deadline);
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task A_host_starts_although_a_broker_is_down()
    {
        // Port 1 answers nobody.
        var down = With(($"{Dev}:Type", "\"RABBITMQ\""), ($"{Dev}:Config", """{ "Url": "amqp://localhost:1/" }"""));
        using var host = TestHost.Build(down, x => x.AddRabbitMq());

        await host.StartAsync().WaitAsync(PublishAndReceive.Deadline);
        await host.StopAsync().WaitAsync(PublishAndReceive.Deadline);
    }

    [Fact]
    public async Task A_publish_to_a_broker_that_is_down_fails_in_time_with_the_cause()
    {
        var down = With(
            ($"{Dev}:Type", "\"RABBITMQ\""), ($"{Dev}:Config", """{ "Url": "amqp://user:marker-secret@localhost:1/" }"""),
            ("PublishTimeout", "\"00:00:01\""));
        await using var services = TestProvider.Build(down, x => x.AddRabbitMq());

        var exception = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().PublishAsync(Event, 1).WaitAsync(PublishAndReceive.Deadline));

        Assert.Equal(DuctapeErrorCodes.PublishFailed, exception.Code);
        Assert.StartsWith("PUBLISH_FAILED: RABBITMQ (amqp://localhost:1/) did not answer within 00:00:01", exception.Message);
        Assert.EndsWith("Nothing was sent. Check that the broker runs and that its address and credentials in the configuration are right.", exception.Message);
        Assert.Equal((Event, "dev", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
        Assert.DoesNotContain("marker-secret", exception.ToString());
    }

    [Fact]
    public async Task Two_transports_of_one_type_are_refused()
    {
        using var host = TestHost.Build(more: x => x.AddTransport<OtherInMemoryTransport>());

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Equal(
            "Two transports are registered for the broker type IN_MEMORY: Ductape.MassTransit.Transports.InMemory.InMemoryTransport and "
                + $"{typeof(OtherInMemoryTransport)}. Remove one of the two registrations.",
            exception.Message);
    }

    [Fact]
    public void The_same_transport_added_twice_is_one() =>
        Assert.Empty(StartUp.Problems(With((Stg, """{ "Type": "RABBITMQ" }""")), x => x.AddRabbitMq().AddRabbitMq()));
}
