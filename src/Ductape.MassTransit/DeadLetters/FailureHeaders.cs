using System.Globalization;

namespace Ductape.MassTransit;

/// <summary>The transport headers that tell of a failure, most of them MassTransit's.</summary>
internal static class FailureHeaders
{
    // MassTransit writes them at the failure; others of its MT-Host- and MT-Fault- headers may be the publisher's.
    private static readonly HashSet<string> OfFailure = new(StringComparer.OrdinalIgnoreCase)
    {
        MessageHeaders.Reason, MessageHeaders.FaultExceptionType, MessageHeaders.FaultInputAddress, MessageHeaders.FaultMessage,
        MessageHeaders.FaultMessageType, MessageHeaders.FaultConsumerType, MessageHeaders.FaultTimestamp, MessageHeaders.FaultStackTrace,
        MessageHeaders.FaultRetryCount, MessageHeaders.FaultRedeliveryCount, MessageHeaders.Host.MachineName, MessageHeaders.Host.ProcessName,
        MessageHeaders.Host.ProcessId, MessageHeaders.Host.Assembly, MessageHeaders.Host.AssemblyVersion, MessageHeaders.Host.MassTransitVersion,
        MessageHeaders.Host.FrameworkVersion, MessageHeaders.Host.OperatingSystemVersion, DeliveryHeaders.Redeliveries, DeliveryHeaders.Attempts,
    };

    /// <summary>What changes when a message is replayed: nothing of the failure is left, and one more replay is counted.</summary>
    public static IReadOnlyDictionary<string, object?> ForReplay(DeadLetterMessage message)
    {
        var changes = new Dictionary<string, object?> { [DeliveryHeaders.Replays] = Number(message, DeliveryHeaders.Replays) + 1 };
        foreach (var name in message.Headers.Keys.Where(OfFailure.Contains))
            changes[name] = null;
        return changes;
    }

    public static string? Text(DeadLetterMessage message, string name) =>
        message.Headers.GetValueOrDefault(name) is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    public static int Number(DeadLetterMessage message, string name) =>
        int.TryParse(Text(message, name), CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 0;
}
