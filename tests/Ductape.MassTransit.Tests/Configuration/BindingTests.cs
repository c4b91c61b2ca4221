using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Tests.Configuration;

public class BindingTests
{
    [Fact]
    public void The_default_section_is_Ductape()
    {
        using var services = TestProvider.Build();

        Assert.Equal("Orders", services.Catalog().FetchBroker("sqsbroker").Name);
    }

    [Fact]
    public void A_named_section_is_read_from_the_applications_configuration_and_named_in_problems()
    {
        var json = TestServices.OrdersJson.Replace("\"Ductape\":", "\"Messaging\": { \"Events\":") + "}";
        var services = TestServices.With(json);
        services.AddDuctapeMessageBroker("Messaging:Events");
        using (var provider = services.BuildServiceProvider())
            Assert.Equal("Orders", provider.Catalog().FetchBroker("sqsbroker").Name);

        var misspelt = TestServices.With(json.Replace("\"Topics\"", "\"Topiks\""));
        misspelt.AddDuctapeMessageBroker("Messaging:Events");

        var problem = Assert.Single(StartUp.Problems(misspelt));
        Assert.StartsWith("Messaging:Events:Products:my_product:Brokers:sqsbroker:Topiks: it is not a known key. Did you mean 'Topics'?", problem);
    }

    [Fact]
    public void A_given_section_needs_no_configuration_in_the_services()
    {
        var services = new ServiceCollection();
        services.AddDuctapeMessageBroker(TestServices.Configuration(TestServices.OrdersJson).GetSection("Ductape"));
        using var provider = services.BuildServiceProvider();

        Assert.Equal("Orders", provider.Catalog().FetchBroker("sqsbroker").Name);
    }

    [Fact]
    public void A_given_section_is_named_by_its_path_in_problems()
    {
        var services = new ServiceCollection();
        var root = TestServices.Configuration($$"""{ "Apps": [ {{OrdersConfiguration.With(("Prodct", "\"x\""))}} ] }""");
        services.AddDuctapeMessageBroker(root.GetSection("Apps:0:Ductape"));

        Assert.StartsWith("Apps:0:Ductape:Prodct: it is not a known key. Did you mean 'Product'?", Assert.Single(StartUp.Problems(services)));
    }

    [Fact]
    public void Code_alone_configures_it_too()
    {
        var services = new ServiceCollection();
        services.AddDuctapeMessageBroker(x =>
        {
            x.Product = "shop";
            x.Env = "dev";
            x.Products["shop"] = new ProductOptions
            {
                Brokers =
                {
                    ["orders"] = new BrokerOptions
                    {
                        Envs = { ["dev"] = new BrokerEnvOptions { Type = BrokerTypes.InMemory, Settings = new InMemorySettings { Concurrency = 2 } } },
                        Topics = { ["created"] = new TopicOptions { SampleJson = 7 } },
                    },
                },
            };
        });
        using var provider = services.BuildServiceProvider();

        Assert.Equal("orders-created-dev", provider.Catalog().FetchRoute("orders:created").Entity);
        Assert.Equal("7", provider.Catalog().FetchTopic("orders:created").Sample!.ToJsonString());
    }

    [Fact]
    public void Settings_of_another_transport_given_in_code_are_refused()
    {
        var services = TestServices.With(TestServices.OrdersJson);
        services.AddDuctapeMessageBroker();
        services.Configure<DuctapeOptions>(x =>
            x.Products["my_product"].Brokers["sqsbroker"].Envs["dev"].Settings = new RabbitMqSettings());

        Assert.Equal(
            ["Ductape:Products:my_product:Brokers:sqsbroker:Envs:dev:Settings: RabbitMqSettings are not the settings of IN_MEMORY; "
                + "give InMemorySettings."],
            StartUp.Problems(services));
    }

    [Fact]
    public void Calling_it_twice_binds_lists_once()
    {
        var services = TestServices.With(OrdersConfiguration.With(($"{OrdersConfiguration.Topic}:Subscribers", """["my_product", "billing"]""")));
        services.AddDuctapeMessageBroker();
        services.AddDuctapeMessageBroker();
        using var provider = services.BuildServiceProvider();

        var topic = provider.GetRequiredService<IOptions<DuctapeOptions>>().Value.Products["my_product"].Brokers["sqsbroker"].Topics["new-orders"];
        Assert.Equal(["my_product", "billing"], topic.Subscribers);
        Assert.Single(provider.GetServices<IMessageBroker>());
    }

    [Fact]
    public void Code_adds_to_what_the_configuration_says()
    {
        var services = TestServices.With(TestServices.OrdersJson);
        services.AddDuctapeMessageBroker();
        services.AddDuctapeMessageBroker(x => x.Products["my_product"].Brokers["sqsbroker"].Topics["refunds"] = new TopicOptions());
        using var provider = services.BuildServiceProvider();

        Assert.Equal(["sqsbroker:new-orders", "sqsbroker:refunds"], provider.Catalog().ListTopics("sqsbroker").Select(x => x.Tag));
    }

    [Fact]
    public void Without_any_configuration_the_problem_says_what_to_do()
    {
        var services = new ServiceCollection();
        services.AddDuctapeMessageBroker();

        Assert.Equal(
            ["Ductape:Products: it is empty; describe at least one product with its brokers and topics, or load Ductape's own declaration "
                + "file with AddDuctapeEventsFile(path)."],
            StartUp.Problems(services));
    }

    [Fact]
    public void A_configuration_key_in_another_case_is_the_same_key()
    {
        var json = TestServices.OrdersJson.Replace("\"Topics\"", "\"topics\"").Replace("\"Envs\"", "\"ENVS\"").Replace("\"Type\"", "\"type\"");

        Assert.Empty(StartUp.Problems(json));
    }
}
