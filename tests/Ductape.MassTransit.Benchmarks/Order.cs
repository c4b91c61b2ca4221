using System.Globalization;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>What both sides publish and read: the order of the README, numbered so that every arrival can be checked.</summary>
public sealed record Order(string OrderId, string Status, Customer Customer)
{
    public static Order Numbered(int number) => new(
        number.ToString(CultureInfo.InvariantCulture), "pending", new Customer("John Doe", "john@example.com"));

    [System.Text.Json.Serialization.JsonIgnore]
    public int Number => int.Parse(OrderId, CultureInfo.InvariantCulture);
}

public sealed record Customer(string Name, string Email);
