using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Tests.Secrets;

/// <summary>What the remedies of missing values say to set is what helps.</summary>
public sealed class SecretRemedyTests
{
    private const string Json = """
        {
          "Messaging": {
            "Products": {
              "shop": {
                "Brokers": { "orders": { "Envs": { "dev": { "Type": "VAULT", "Config": { "Password": "$Secret{KEY}" } } }, "Topics": { "created": {} } } }
              }
            }
          }
        }
        """;

    [Fact]
    public async Task They_name_the_section_that_the_application_has()
    {
        using var host = Build(Json, ("Messaging:Env", "dev"));
        var failure = Assert.Single((await Assert.ThrowsAsync<InvalidConfigurationException>(() => host.StartAsync())).Failures);

        using var mended = Build(Json, ("Messaging:Env", "dev"), ("Messaging:Secrets:KEY", "word"));
        await mended.StartAsync();
        var call = await Assert.ThrowsAsync<DuctapeException>(() => mended.Services.Broker().PublishAsync("orders:created", 1));

        Assert.Equal(
            "Messaging:Products:shop:Brokers:orders:Envs:dev:Config:Password: SECRET_NOT_FOUND: it refers to the secret 'KEY', and nothing has it; set "
                + "Messaging:Secrets:KEY or the environment variable KEY, or register an ISecretResolver that knows it.",
            failure);
        Assert.Equal("INVALID_INPUT: 'product_tag' is required and is missing or blank: give it in the call, or configure Messaging:Product.", call.Message);
        await mended.StopAsync();
    }

    [Fact]
    public async Task A_key_with_a_colon_is_for_a_resolver()
    {
        using var host = Build(Json.Replace("{KEY}", "{db:pw}", StringComparison.Ordinal), ("Messaging:Env", "dev"));

        Assert.EndsWith(
            "it refers to the secret 'db:pw', and nothing has it; register an ISecretResolver that knows it, or take the colon out of the name: a secret under "
                + "Messaging:Secrets has none in its key.",
            Assert.Single((await Assert.ThrowsAsync<InvalidConfigurationException>(() => host.StartAsync())).Failures));
    }

    private static IHost Build(string json, params (string Key, string Value)[] more)
    {
        var application = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        application.Configuration.AddConfiguration(TestServices.Configuration(json))
            .AddInMemoryCollection(more.Select(x => KeyValuePair.Create(x.Key, (string?)x.Value)));
        application.Services.AddDuctapeMessageBroker("Messaging").AddTransport<VaultTransport>();
        return application.Build();
    }
}
