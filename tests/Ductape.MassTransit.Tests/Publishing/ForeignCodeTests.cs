using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Publishing;

/// <summary>What the application's own code may do inside ours.</summary>
public sealed class ForeignCodeTests
{
    [Fact]
    public async Task A_property_that_throws_is_invalid_input()
    {
        await using var services = TestProvider.Build();

        foreach (var message in new object[] { new MissingKey(), new MissingReference() })
        {
            var error = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, message));
            Assert.Equal(DuctapeErrorCodes.InvalidInput, error.Code);
            Assert.NotNull(error.InnerException);
        }
    }

    [Fact]
    public void Parts_that_code_sets_to_null_are_start_up_problems()
    {
        using var services = new ServiceCollection().AddDuctapeMessageBroker(options =>
        {
            options.Product = "shop";
            options.Products["shop"] = new ProductOptions
            {
                Caches = null!,
                Brokers =
                {
                    ["orders"] = new BrokerOptions
                    {
                        Envs = { ["dev"] = null! },
                        Topics = { ["new"] = new TopicOptions { Retry = null!, Subscribers = [null!] } },
                    },
                },
            };
        }).Services.BuildServiceProvider();

        var failure = Assert.Throws<InvalidConfigurationException>(() => services.GetRequiredService<IMessageBroker>());

        Assert.Equal(
            [
                "Ductape:Products:shop:Brokers:orders:Envs:dev: it is null; leave it out, or give it a value.",
                "Ductape:Products:shop:Brokers:orders:Topics:new:Retry: it is null; leave it as it is, or give it a value.",
                "Ductape:Products:shop:Brokers:orders:Topics:new:Subscribers:0: it is null; leave it out, or give it a value.",
                "Ductape:Products:shop:Caches: it is null; leave it as it is, or give it a value.",
            ],
            failure.Failures.Order(StringComparer.Ordinal));
    }

    public sealed class MissingKey
    {
        public int Value => new Dictionary<string, int>()["nope"];
    }

    public sealed class MissingReference
    {
        public int Value => throw new NullReferenceException("on purpose");
    }
}
