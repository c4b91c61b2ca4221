namespace Ductape.MassTransit;

/// <summary>The window within which Service Bus itself drops messages with an id that it has seen.</summary>
internal static class AzureServiceBusDeduplication
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>The window for a topic that is created, or null for none.</summary>
    public static TimeSpan? WindowOf(TimeSpan? deduplicate) =>
        deduplicate is not { } window ? null : window < Shortest ? Shortest : window > Longest ? Longest : window;
}
