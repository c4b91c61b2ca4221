using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

public class AllProblemsTests
{
    [Fact]
    public void Every_problem_is_reported_at_once_with_its_path()
    {
        var problems = StartUp.Problems(
            With(
                ("Product", "\"my_prodct\""),
                ("Env", "\"div\""),
                ("PublishTimout", "\"00:00:05\""),
                ("SubscribeTimeout", "\"5\""),
                ("Products:my_product:Brokers:kafka/broker", """{ "Envs": { "dev": { "Type": "IN_MEMORY" } } }"""),
                ("Products:my_product:Brokers:empty", "{}"),
                ($"{Stg}", """{ "Format": "Json" }"""),
                ($"{Broker}:Envs:prd", """{ "Type": "RABBIT_MQ" }"""),
                ($"{Broker}:Envs:qa", """{ "Type": "RABBITMQ", "Config": { "Url": "http://x", "Prot": 1 } }"""),
                ($"{Topic}:Retry:Count", "1000"),
                ($"{Topic}:Subscribers", "\"billing\""),
                ("Products:my_product:Sessions:web", """{ "SigningKey": "0123456789abcdef0123456789abcdef", "Period": "years" }"""),
                ("Products:my_product:Caches:orders:Expiry", "0")),
            x => x.AddRabbitMq());

        string[] paths =
        [
            "Ductape:Product: ",
            "Ductape:Env: ",
            "Ductape:PublishTimout: ",
            "Ductape:SubscribeTimeout: ",
            "Ductape:Products:my_product:Brokers:kafka/broker: ",
            "Ductape:Products:my_product:Brokers:empty:Envs: ",
            $"Ductape:{Stg}:Type: ",
            $"Ductape:{Broker}:Envs:prd:Type: ",
            $"Ductape:{Broker}:Envs:qa:Config:Url: ",
            $"Ductape:{Broker}:Envs:qa:Config:Prot: ",
            $"Ductape:{Topic}:Retry:Count: ",
            $"Ductape:{Topic}:Subscribers: ",
            "Ductape:Products:my_product:Sessions:web:Period: ",
            "Ductape:Products:my_product:Caches:orders:Expiry: ",
        ];
        Assert.All(paths, path => Assert.Single(problems, x => x.StartsWith(path, StringComparison.Ordinal)));
        Assert.Equal(paths.Length, problems.Count);
    }
}
