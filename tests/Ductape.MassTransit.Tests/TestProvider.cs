using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests;

/// <summary>An application without a host, and its broker.</summary>
public static class TestProvider
{
    public static ServiceProvider Build(string json = TestServices.OrdersJson, Action<IDuctapeMessageBrokerBuilder>? more = null)
    {
        var services = TestServices.With(json);
        var builder = services.AddDuctapeMessageBroker();
        more?.Invoke(builder);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public static IMessageBroker Broker(this IServiceProvider services) => services.GetRequiredService<IMessageBroker>();

    public static IBrokerCatalog Catalog(this IServiceProvider services) => services.GetRequiredService<IBrokerCatalog>();
}
