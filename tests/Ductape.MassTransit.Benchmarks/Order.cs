using System.Globalization;
using System.Text.Json.Serialization;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// What both sides publish and read: the order of the README, numbered so that every arrival can be checked.
/// </summary>
public sealed record Order(string OrderId, string Status, Customer Customer)
{
    public static Order Numbered(int number) => new(
        number.ToString(CultureInfo.InvariantCulture), "pending", new Customer("John Doe", "john@example.com"));

    /// <summary>Makes the payload longer; left out where null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Padding { get; init; }

    /// <summary>
    /// What makes an order as long as that in UTF-8 JSON, or nearly; null where it is longer without.
    /// </summary>
    public static string? PaddingFor(int bytes) => bytes > 140 ? new string('x', bytes - 130) : null;

    [JsonIgnore]
    public int Number => int.Parse(OrderId, CultureInfo.InvariantCulture);
}

public sealed record Customer(string Name, string Email);
