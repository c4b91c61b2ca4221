using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

public class EmptyValueTests
{
    [Theory]
    [InlineData(Topic, "{}")]
    [InlineData(Topic, "null")]
    [InlineData(Topic + ":Retry", "{}")]
    [InlineData(Topic + ":Retry", "null")]
    [InlineData(Topic + ":Subscribers", "[]")]
    [InlineData(Topic + ":Subscribers", "null")]
    [InlineData(Topic + ":Envs", "null")]
    [InlineData(Topic + ":Envs:dev", "{}")]
    [InlineData(Topic + ":Envs:dev", "null")]
    [InlineData(Topic + ":Sample", "null")]
    [InlineData(Topic + ":Name", "null")]
    [InlineData(Topic + ":Prefetch", "null")]
    [InlineData(Dev + ":Config", "{}")]
    [InlineData(Dev + ":Config", "null")]
    [InlineData(Product + ":Sessions", "{}")]
    [InlineData(Product + ":Sessions", "null")]
    [InlineData(Product + ":Caches:orders", "{}")]
    [InlineData(Product + ":Caches", "null")]
    [InlineData("Products:other", "{}")]
    [InlineData("Products:other", "null")]
    public void Empty_objects_and_nulls_mean_the_defaults(string path, string json)
    {
        var changed = With((path, json));
        Assert.Empty(StartUp.Problems(changed));

        using var services = TestProvider.Build(changed);
        Assert.Equal("sqsbroker-new-orders-dev", services.Catalog().FetchRoute(Event).Entity);
    }

    [Theory]
    [InlineData("Products", "null", "Ductape:Products: it is empty; describe at least one product")]
    [InlineData("Products", "{}", "Ductape:Products: it is empty; describe at least one product")]
    [InlineData(Broker, "null", $"Ductape:{Broker}:Envs: it is empty; say for at least one environment where the broker lives")]
    [InlineData(Broker, "{}", $"Ductape:{Broker}:Envs: it is empty; say for at least one environment where the broker lives")]
    [InlineData(Broker + ":Envs", "null", $"Ductape:{Broker}:Envs: it is empty; say for at least one environment where the broker lives")]
    [InlineData(Dev, "{}", $"Ductape:{Dev}:Type: it is missing; one of IN_MEMORY, RABBITMQ, AWS_SQS, AZURE_SERVICE_BUS, HOST.")]
    [InlineData(Dev, "null", $"Ductape:{Dev}:Type: it is missing; one of IN_MEMORY, RABBITMQ, AWS_SQS, AZURE_SERVICE_BUS, HOST.")]
    [InlineData(Dev + ":Type", "null", $"Ductape:{Dev}:Type: it is missing; one of IN_MEMORY, RABBITMQ, AWS_SQS, AZURE_SERVICE_BUS, HOST.")]
    [InlineData(Dev + ":Type", "\" \"", $"Ductape:{Dev}:Type: it is missing; one of IN_MEMORY, RABBITMQ, AWS_SQS, AZURE_SERVICE_BUS, HOST.")]
    [InlineData(Product + ":Sessions:web", "{}", $"Ductape:{Product}:Sessions:web: it has no key to verify tokens with; give one of SigningKey, PublicKey")]
    public void What_must_not_be_empty_says_so(string path, string json, string problem) =>
        Assert.StartsWith(problem, Assert.Single(StartUp.Problems(With((path, json)))));

    [Theory]
    [InlineData("Product")]
    [InlineData("Env")]
    public void A_blank_default_is_no_default(string key)
    {
        using var services = TestProvider.Build(With((key, "\"  \"")));

        var exception = Assert.Throws<DuctapeException>(() => services.Catalog().FetchRoute(Event));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, exception.Code);
        Assert.EndsWith($"or configure Ductape:{key}.", exception.Message);
    }

    [Fact]
    public void A_misspelt_default_product_names_the_near_miss() =>
        Assert.Equal(["Ductape:Product: no product 'my_prodct' is configured. Did you mean 'my_product'? Configured: 'my_product'."],
            StartUp.Problems(With(("Product", "\"my_prodct\""))));

    [Fact]
    public void A_misspelt_default_environment_names_the_near_miss() =>
        Assert.Equal(["Ductape:Env: no broker has the environment 'devv'. Did you mean 'dev'? Configured: 'dev'."],
            StartUp.Problems(With(("Env", "\"devv\""))));
}
