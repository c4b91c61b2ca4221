using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.Hosting;

/// <summary>The health of one connection and of the subscriptions on it.</summary>
internal sealed class ConnectionHealthCheck(DescribedConnections connections, SubscriptionSlots slots, string name) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        // A reload may have put another connection in its place, or none.
        Task.FromResult(connections.List().TryGetValue(name, out var connection)
            ? Check(connection, slots, context)
            : HealthCheckResult.Healthy("The configuration was reloaded and has no such connection any more."));

    public static HealthCheckResult Check(Connection connection, SubscriptionSlots slots, HealthCheckContext context)
    {
        var state = connection.State;
        var queues = slots.Of(connection).ToArray();
        var waiting = queues.Where(x => !x.IsReady).ToArray();
        var data = new Dictionary<string, object>
        {
            ["connection"] = connection.Description,
            ["status"] = state.Status.ToString(),
            ["since"] = state.Since,
            ["subscriptions"] = queues.Count(x => x.Current is not null),
        };
        if (waiting.Length > 0)
            data["waiting"] = waiting.Select(x => x.Queue).ToArray();
        var paused = queues.Where(x => x.Current is { IsPaused: true }).Select(x => x.Queue).ToArray();
        if (paused.Length > 0)
            data["paused"] = paused;
        var tripped = queues.Select(Tripped).OfType<string>().ToArray();
        if (tripped.Length > 0)
            data["tripped"] = tripped;
        var receiving = connection.Receiving;
        if (receiving is not null)
            data["receiving"] = receiving.Status.ToString();
        var troubles = connection.Troubles.Select(connection.Mask.Hide).ToArray();
        if (troubles.Length > 0)
            data["troubles"] = troubles;

        return state.Status switch
        {
            ConnectionStatus.Connected when receiving is { Status: ConnectionStatus.Disconnected } => new HealthCheckResult(
                context.Registration.FailureStatus,
                $"{connection.Description} is connected for publishing, and not for receiving since {receiving.Since:O}: {receiving.Reason}",
                receiving.Error, data),
            ConnectionStatus.NotInUse => HealthCheckResult.Healthy($"{connection.Description} is not in use.", data),
            // It heals by itself, and the messages are safe: nothing to take the instance out of service for.
            ConnectionStatus.Connected when waiting.Length == 0 && tripped.Length > 0 => HealthCheckResult.Degraded(
                $"{connection.Description} is connected, but {string.Join(", ", tripped)}.", null, data),
            ConnectionStatus.Connected when waiting.Length == 0 && troubles.Length > 0 => HealthCheckResult.Degraded(
                $"{connection.Description} is connected, but {string.Join("; ", troubles)}.", null, data),
            ConnectionStatus.Connected when waiting.Length == 0 => HealthCheckResult.Healthy($"{connection.Description} is connected.", data),
            ConnectionStatus.Connected => new HealthCheckResult(context.Registration.FailureStatus,
                $"{connection.Description} is connected, but {waiting.Length} subscription(s) do not receive: "
                + $"{string.Join(", ", waiting.Select(x => x.Fault is { } fault ? $"{x.Queue} ({connection.Mask.Hide(fault).GetBaseException().Message})" : x.Queue))}.",
                waiting.Select(x => x.Fault).OfType<Exception>().Select(connection.Mask.Hide).FirstOrDefault(), data),
            ConnectionStatus.Connecting => HealthCheckResult.Degraded($"{connection.Description} is being connected.", null, data),
            _ => new HealthCheckResult(context.Registration.FailureStatus,
                $"{connection.Description} is not connected since {state.Since:O}{(state.Reason is { } reason ? $": {reason}" : ".")}",
                state.Error, data),
        };
    }

    private static string? Tripped(SubscriptionSlot slot) => slot.Current?.KillSwitch?.Trip is { } trip
        ? $"the kill switch of {slot.Queue} tripped: {trip.Failures} of {trip.Messages} failed; tries again at {trip.RestartAt:O}"
        : null;
}
