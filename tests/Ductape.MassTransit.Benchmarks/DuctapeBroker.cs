using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>A service provider with a message broker of one product, environment and broker.</summary>
internal static class DuctapeBroker
{
    public const string Tag = "sqsbroker";

    public static ServiceProvider InMemory(
        Dictionary<string, TopicOptions> topics, Dictionary<string, SessionTypeOptions>? sessions = null) =>
        Create(new BrokerEnvOptions { Type = BrokerTypes.InMemory }, topics, sessions);

    public static ServiceProvider OnRabbitMq(string url, Dictionary<string, TopicOptions> topics) =>
        Create(new BrokerEnvOptions { Type = BrokerTypes.RabbitMq, Settings = new RabbitMqSettings { Url = url } }, topics);

    public static IMessageBroker Of(IServiceProvider services) => services.GetRequiredService<IMessageBroker>();

    public static string EventOf(string topic) => $"{Tag}:{topic}";

    public static TopicOptions Topic(bool retries, int concurrency = Load.Concurrency, int prefetch = Load.Prefetch) => new()
    {
        Prefetch = prefetch,
        Concurrency = concurrency,
        Retry = new RetryOptions { Count = retries ? Load.RetryDelays.Length : 0 },
    };

    private static ServiceProvider Create(
        BrokerEnvOptions env, Dictionary<string, TopicOptions> topics, Dictionary<string, SessionTypeOptions>? sessions = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(QuietLogging.Configure);
        services.AddDuctapeMessageBroker(options =>
        {
            options.Product = "my_product";
            options.Env = "bench";
            options.Products["my_product"] = new ProductOptions
            {
                Brokers = { [Tag] = new BrokerOptions { Envs = { ["bench"] = env }, Topics = topics } },
                Sessions = sessions ?? [],
            };
        }).AddRabbitMq();
        return services.BuildServiceProvider();
    }
}
