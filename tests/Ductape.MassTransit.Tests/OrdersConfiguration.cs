using System.Text.Json.Nodes;

namespace Ductape.MassTransit.Tests;

/// <summary>
/// The orders configuration of <see cref="TestServices.OrdersJson"/> with changes, each a path in the Ductape section
/// and JSON.
/// </summary>
public static class OrdersConfiguration
{
    public const string Event = "sqsbroker:new-orders";
    public const string Product = "Products:my_product";
    public const string Broker = $"{Product}:Brokers:sqsbroker";
    public const string Dev = $"{Broker}:Envs:dev";
    public const string Stg = $"{Broker}:Envs:stg";
    public const string Topic = $"{Broker}:Topics:new-orders";

    public static string With(params (string Path, string Json)[] changes)
    {
        var root = JsonNode.Parse(TestServices.OrdersJson)!;
        foreach (var (path, json) in changes)
        {
            var keys = path.Split(':');
            var parent = keys[..^1].Aggregate(root["Ductape"]!, (node, key) => node[key] ??= new JsonObject());
            parent[keys[^1]] = JsonNode.Parse(json);
        }

        return root.ToJsonString();
    }

    /// <summary>Without a key, which must be there.</summary>
    public static string Without(string path)
    {
        var root = JsonNode.Parse(TestServices.OrdersJson)!;
        var keys = path.Split(':');
        var parent = keys[..^1].Aggregate(root["Ductape"]!, (node, key) => node[key]!);
        Assert.True(parent.AsObject().Remove(keys[^1]));
        return root.ToJsonString();
    }
}
