using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Conformance;

/// <summary>
/// One process of a user's, as far as the broker is concerned: a service provider with a configuration of its own.
/// </summary>
public sealed class ConformanceApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public ConformanceApp(JsonObject configuration, Action<IDuctapeMessageBrokerBuilder> addTransport, Action<IServiceCollection>? configure = null)
    {
        var json = new MemoryStream(Encoding.UTF8.GetBytes(configuration.ToJsonString()));
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddJsonStream(json).Build());
        addTransport(services.AddDuctapeMessageBroker());
        configure?.Invoke(services);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public IServiceProvider Services => _services;

    public IMessageBroker Broker => _services.GetRequiredService<IMessageBroker>();

    public IDeadLetters DeadLetters => _services.GetRequiredService<IDeadLetters>();

    public IBrokerCatalog Catalog => _services.GetRequiredService<IBrokerCatalog>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>
    /// A configuration with the products <c>shop</c> and <c>billing</c>, which share the broker <c>orders</c> with the
    /// topics <c>created</c> and <c>shipped</c>, in the environment <c>test</c>; where a session type is given, both
    /// have it as <c>web</c>.
    /// </summary>
    public static JsonObject Configuration(JsonObject env, JsonObject? topic = null, string broker = "orders", JsonObject? session = null)
    {
        JsonObject Product() => new()
        {
            ["Sessions"] = session is null ? [] : new JsonObject { ["web"] = session.DeepClone() },
            ["Brokers"] = new JsonObject
            {
                [broker] = new JsonObject
                {
                    ["Envs"] = new JsonObject { ["test"] = env.DeepClone() },
                    ["Topics"] = new JsonObject
                    {
                        ["created"] = topic?.DeepClone() ?? new JsonObject(),
                        ["shipped"] = new JsonObject(),
                    },
                },
            },
        };

        return new JsonObject
        {
            ["Ductape"] = new JsonObject
            {
                ["Product"] = "shop",
                ["Env"] = "test",
                ["Products"] = new JsonObject { ["shop"] = Product(), ["billing"] = Product() },
            },
        };
    }
}
