using System.Text.Json;
using MassTransit;

namespace Ductape.MassTransit.Tests.AzureServiceBus;

/// <summary>What a failed message carries of its failure, beside properties that may be from anybody.</summary>
public class AzureServiceBusFailureTests
{
    private static readonly Dictionary<string, object> Failure = new()
    {
        [MessageHeaders.Reason] = "fault",
        [MessageHeaders.FaultExceptionType] = "System.TimeoutException",
        [MessageHeaders.FaultTimestamp] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        [MessageHeaders.FaultStackTrace] = new string('s', 20_000),
        [MessageHeaders.FaultMessage] = new string('m', 3_000),
        [MessageHeaders.Host.MachineName] = "here",
    };

    [Theory]
    [InlineData(40_000, "")]
    [InlineData(54_000, "MT-Fault-StackTrace")]
    [InlineData(62_000, "MT-Fault-StackTrace,MT-Fault-Message")]
    [InlineData(63_400, "MT-Fault-StackTrace,MT-Fault-Message,MT-Host-MachineName,big")]
    public void The_failure_is_cut_first_and_then_the_largest_of_the_publishers(int size, string cut)
    {
        var own = new Dictionary<string, object> { ["small"] = "kept", ["big"] = new string('x', size), ["bytes"] = new byte[100] };

        var changes = AzureServiceBusFailure.Fit(Failure, own);

        var all = new Dictionary<string, object?>(own.Select(x => KeyValuePair.Create(x.Key, (object?)x.Value)));
        foreach (var (name, value) in changes)
        {
            if (value is null)
                all.Remove(name);
            else
                all[name] = value;
        }

        Assert.InRange(all.Sum(x => AzureServiceBusFailure.SizeOf(x.Key, x.Value)), 1, AzureServiceBusFailure.MostBytes);
        Assert.Equal(cut, all.TryGetValue(AzureServiceBusFailure.Header, out var header) ? string.Join(',', JsonSerializer.Deserialize<string[]>((string)header!)!) : "");
        Assert.Equal(("kept", "fault", "System.TimeoutException"), (all["small"], all[MessageHeaders.Reason], all[MessageHeaders.FaultExceptionType]));
    }

    [Fact]
    public void Of_thousands_the_names_stay_bounded()
    {
        var changes = AzureServiceBusFailure.Fit(Failure, Enumerable.Range(0, 5_000).ToDictionary(x => $"header-{x}", object (x) => "x"));

        var names = JsonSerializer.Deserialize<string[]>((string)changes[AzureServiceBusFailure.Header]!)!;
        Assert.Equal((9, "…"), (names.Length, names[^1]));
    }
}
