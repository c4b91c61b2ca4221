using Ductape.MassTransit.Reloading;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Hosting;

/// <summary>
/// Registers a health check for every connection that the configuration describes at the start, wherever the
/// application calls AddHealthChecks, and where the configuration can be reloaded one more for what came later.
/// </summary>
internal sealed class ConfigureConnectionHealthChecks(
    DescribedConnections connections, SubscriptionSlots slots, ConfigurationWatch watch, CurrentCatalog catalog, CatalogReload reload)
    : IConfigureOptions<HealthCheckServiceOptions>
{
    private static readonly string[] Tags = ["ready", "ductape"];

    public void Configure(HealthCheckServiceOptions options)
    {
        var atStart = connections.List();
        foreach (var (name, _) in atStart)
            Add(options, name, new ConnectionHealthCheck(connections, slots, name));
        if (watch.IsWatching)
        {
            Add(options, "ductape: configuration",
                new ConfigurationHealthCheck(connections, slots, atStart.Keys.ToHashSet(StringComparer.Ordinal), catalog, reload));
        }
    }

    private static void Add(HealthCheckServiceOptions options, string name, IHealthCheck check) =>
        options.Registrations.Add(new HealthCheckRegistration(Unique(name, options.Registrations), check, HealthStatus.Unhealthy, Tags));

    private static string Unique(string name, ICollection<HealthCheckRegistration> taken)
    {
        var unique = name;
        for (var i = 2; taken.Any(x => x.Name == unique); i++)
            unique = $"{name} ({i})";
        return unique;
    }
}
