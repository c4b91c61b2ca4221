using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.DependencyInjection;

public class RegistrationTests
{
    [Fact]
    public void The_broker_and_the_catalog_are_singletons_and_the_scoped_broker_is_of_its_scope()
    {
        using var services = TestProvider.Build();
        using var one = services.CreateScope();
        using var other = services.CreateScope();

        Assert.Same(one.ServiceProvider.Broker(), other.ServiceProvider.Broker());
        Assert.Same(one.ServiceProvider.Catalog(), other.ServiceProvider.Catalog());
        Assert.NotSame(
            one.ServiceProvider.GetRequiredService<IScopedMessageBroker>(), other.ServiceProvider.GetRequiredService<IScopedMessageBroker>());
        Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<IScopedMessageBroker>());
    }

    [Fact]
    public async Task The_applications_own_MassTransit_stays_free()
    {
        await using var services = TestProvider.Build(more: x => x.Services.AddMassTransit(bus => bus.UsingInMemory()));
        var inbox = new Conformance.Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(OrdersConfiguration.Event, inbox.ReceiveAsync);

        await services.Broker().PublishAsync(OrdersConfiguration.Event, 1);

        await inbox.HasAsync(1);
        Assert.NotNull(services.GetRequiredService<IBusControl>());
    }

    [Fact]
    public void Without_MassTransit_of_its_own_the_application_gets_none()
    {
        using var services = TestProvider.Build();

        Assert.Null(services.GetService<IBus>());
    }

    [Fact]
    public void Every_call_can_be_chained_and_knows_the_services()
    {
        var services = TestServices.With(TestServices.OrdersJson);

        var builder = services.AddDuctapeMessageBroker().AddRabbitMq().AddTransport<Hosting.OtherInMemoryTransport>().AddDuctapeEventsFile("events.json");

        Assert.Same(services, builder.Services);
    }

    [Fact]
    public void Arguments_that_are_missing_are_refused()
    {
        var services = new ServiceCollection();

        Assert.Throws<ArgumentException>(() => services.AddDuctapeMessageBroker(" "));
        Assert.Throws<ArgumentNullException>(() => services.AddDuctapeMessageBroker((IConfiguration)null!));
        Assert.Throws<ArgumentNullException>(() => services.AddDuctapeMessageBroker((Action<DuctapeOptions>)null!));
        Assert.Throws<ArgumentException>(() => services.AddDuctapeMessageBroker().AddDuctapeEventsFile(" "));
    }
}
