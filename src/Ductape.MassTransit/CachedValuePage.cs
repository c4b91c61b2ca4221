using System.Text.Json.Serialization;

namespace Ductape.MassTransit;

/// <summary>A page of a cache's values.</summary>
/// <param name="Values">The values, the newest first; none on a page after the last.</param>
/// <param name="Total">How many values there are on all pages.</param>
/// <param name="Page">The number of this page, from 1.</param>
/// <param name="Limit">How many values a page has.</param>
public sealed record CachedValuePage(
    [property: JsonPropertyName("values")] IReadOnlyList<CachedValue> Values,
    [property: JsonPropertyName("total")] int Total,
    [property: JsonPropertyName("page")] int Page,
    [property: JsonPropertyName("limit")] int Limit)
{
    /// <summary>How many pages there are; 0 when there are no values.</summary>
    [JsonPropertyName("totalPages")]
    public int TotalPages => (Total + Limit - 1) / Limit;
}
