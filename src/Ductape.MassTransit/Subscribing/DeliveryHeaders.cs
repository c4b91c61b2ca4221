namespace Ductape.MassTransit;

/// <summary>What a message carries of its earlier deliveries.</summary>
internal static class DeliveryHeaders
{
    /// <summary>How many calls of the callback the earlier deliveries had.</summary>
    public const string Attempts = "ductape-attempts";

    public const string Redeliveries = MessageHeaders.RedeliveryCount;

    public const string Replays = "ductape-replay-count";

    // On a copy the transport's headers say it; a bus of the application's own sends anew, and there it is in the envelope.
    public static int Count(ConsumeContext context, string name) =>
        Math.Max(0, context.ReceiveContext.TransportHeaders.Get(name, default(int?)) ?? context.Headers.Get(name, default(int?)) ?? 0);
}
