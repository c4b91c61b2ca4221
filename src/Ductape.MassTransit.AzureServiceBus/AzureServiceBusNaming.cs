using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// Topics and queues have at most 260 characters, subscriptions 50, which MassTransit does not check. Service Bus also
/// takes slashes, which are left out since they make folders.
/// </summary>
internal static class AzureServiceBusNaming
{
    private const int MaxLength = 260;
    private const int MaxSubscriptionLength = 50;

    public static NamingRules Rules { get; } = new()
    {
        MaxEntityLength = MaxLength,
        MaxQueueLength = MaxLength - "_skipped".Length,
        IsAllowed = NamingRules.IsLetterDigitDashDotUnderscore,
        AllowedCharacters = "letters (a to z), digits, '-', '_' and '.'",
    };

    /// <summary>The subscription that forwards to a queue: the queue's name, as far as it fits.</summary>
    public static string Subscription(string queue) => Rules.Fit(queue, MaxSubscriptionLength);
}
