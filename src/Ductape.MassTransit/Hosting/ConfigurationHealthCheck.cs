using Ductape.MassTransit.Reloading;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.Hosting;

/// <summary>
/// Whether what the configuration says now is in use, and the health of the connections that reloads have added, for
/// which no check of their own could be registered any more.
/// </summary>
internal sealed class ConfigurationHealthCheck(
    DescribedConnections connections, SubscriptionSlots slots, IReadOnlySet<string> checkedElsewhere, CurrentCatalog catalog, CatalogReload reload)
    : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = reload.State;
        var said = new List<string>();
        var data = new Dictionary<string, object>();
        var status = HealthStatus.Healthy;
        Exception? exception = null;

        if (state.Problems is { } problems)
        {
            status = HealthStatus.Degraded;
            said.Add($"The last reload of {catalog.Options.Path} is not valid and not in use: {string.Join(' ', problems)}");
        }

        foreach (var replacement in reload.Replacements)
        {
            if (replacement.Problem is not { } problem)
            {
                said.Add($"The new configuration of {replacement.Place} is being connected.");
                continue;
            }

            status = HealthStatus.Degraded;
            said.Add($"The new configuration of {replacement.Place} is not in use: {problem}");
        }

        foreach (var (name, connection) in connections.List().Where(x => !checkedElsewhere.Contains(x.Key)))
        {
            var result = ConnectionHealthCheck.Check(connection, slots, context);
            data[name] = connection.State.Status.ToString();
            said.Add(result.Description!);
            if (result.Status < status)
                status = result.Status;
            exception ??= result.Exception;
        }

        if (state.At is { } at)
            data["reloaded"] = at;
        if (said.Count == 0)
            said.Add(state.At is null ? "The configuration is that of the start." : $"The configuration was reloaded at {state.At:O}.");
        return Task.FromResult(new HealthCheckResult(
            status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : status, string.Join(' ', said), exception, data));
    }
}
