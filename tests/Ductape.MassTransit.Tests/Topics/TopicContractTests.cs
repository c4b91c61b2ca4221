using System.Reflection;
using MassTransit;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Topics;

public class TopicContractTests
{
    [Fact]
    public void A_topic_has_a_type_of_its_own_with_its_urn_and_entity()
    {
        using var services = TestProvider.Build(With(($"{Broker}:Topics:refunds", "{}")));

        var type = services.Catalog().FetchRoute(OrdersConfiguration.Event).MessageType;

        Assert.True(type is { IsSealed: true, IsPublic: true });
        Assert.Equal("urn:message:ductape:sqsbroker:new-orders", MessageUrn.ForTypeString(type));
        Assert.Equal("sqsbroker-new-orders-dev", type.GetCustomAttribute<EntityNameAttribute>()!.EntityName);
        Assert.NotEqual(type, services.Catalog().FetchRoute("sqsbroker:refunds").MessageType);
    }

    [Fact]
    public void Two_applications_in_one_process_share_the_type()
    {
        using var one = TestProvider.Build();
        using var other = TestProvider.Build();

        Assert.Same(one.Catalog().FetchRoute(OrdersConfiguration.Event).MessageType, other.Catalog().FetchRoute(OrdersConfiguration.Event).MessageType);
    }

    [Fact]
    public void Another_environment_is_another_type_with_the_same_urn()
    {
        using var services = TestProvider.Build(With((Stg, """{ "Type": "IN_MEMORY" }""")));

        var dev = services.Catalog().FetchRoute(OrdersConfiguration.Event).MessageType;
        var staging = services.Catalog().FetchRoute(OrdersConfiguration.Event, env: "stg").MessageType;

        Assert.NotSame(dev, staging);
        Assert.Equal(MessageUrn.ForTypeString(dev), MessageUrn.ForTypeString(staging));
    }
}
