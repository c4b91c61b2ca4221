using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests;

/// <summary>A service collection configured by JSON, as an application's is by appsettings.json.</summary>
public static class TestServices
{
    public const string OrdersJson = """
        {
          "Ductape": {
            "Product": "my_product",
            "Env": "dev",
            "Products": {
              "my_product": {
                "Brokers": {
                  "sqsbroker": {
                    "Name": "Orders",
                    "Envs": { "dev": { "Type": "IN_MEMORY" } },
                    "Topics": { "new-orders": { "Name": "New orders" } }
                  }
                }
              }
            }
          }
        }
        """;

    public static IConfiguration Configuration(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    public static IServiceCollection With(string json) => new ServiceCollection().AddSingleton(Configuration(json));
}
