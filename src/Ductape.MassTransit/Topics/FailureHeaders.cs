using System.Collections;
using System.Globalization;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Topics;

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

    /// <summary>
    /// What changes when a message is replayed: nothing of the failure is left, and one more replay is counted.
    /// </summary>
    public static IReadOnlyDictionary<string, object?> ForReplay(DeadLetterMessage message)
    {
        var changes = new Dictionary<string, object?> { [DeliveryHeaders.Replays] = Sum(Number(message, DeliveryHeaders.Replays), 1) };
        foreach (var name in message.Headers.Keys.Where(OfFailure.Contains))
            changes[name] = null;
        if (message.Headers.ContainsKey(CutNames.Header))
            changes[CutNames.Header] = CutNames.Without(message, OfFailure.Contains);
        return changes;
    }

    /// <summary>
    /// A header as text; null where there is none, and for bytes, lists and tables, which are no text.
    /// </summary>
    public static string? Text(DeadLetterMessage message, string name) =>
        message.Headers.GetValueOrDefault(name) is { } value and (string or not IEnumerable)
            ? Convert.ToString(value, CultureInfo.InvariantCulture)
            : null;

    /// <summary>A sum of what anybody may have written: as large as it can be at the most.</summary>
    public static int Sum(params ReadOnlySpan<int> numbers)
    {
        var sum = 0L;
        foreach (var number in numbers)
            sum += number;
        return (int)Math.Min(sum, int.MaxValue);
    }

    /// <summary>A header as a positive number; 0 where it is none.</summary>
    public static int Number(DeadLetterMessage message, string name) =>
        int.TryParse(Text(message, name), CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 0;
}
