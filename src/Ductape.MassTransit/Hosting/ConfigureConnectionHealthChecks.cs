using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit;

/// <summary>Registers a health check for every connection that the configuration describes, wherever the application calls AddHealthChecks.</summary>
internal sealed class ConfigureConnectionHealthChecks(CatalogConfig catalog, TransportSet transports, ConnectionRegistry connections)
    : IConfigureOptions<HealthCheckServiceOptions>
{
    private static readonly string[] Tags = ["ready", "ductape"];

    public void Configure(HealthCheckServiceOptions options)
    {
        // On the harness and on the application's own bus MassTransit's own check tells.
        if (transports.OnTestHarness)
            return;

        var described = catalog.Products.Values.SelectMany(x => x.Brokers.Values).SelectMany(x => x.Envs.Values)
            .Where(x => x.Transport is not null && x.Type != BrokerTypes.Host)
            .Select(x => connections.Get(x))
            .Distinct();
        foreach (var connection in described)
        {
            var name = Unique($"ductape: {connection.Description}", options.Registrations);
            options.Registrations.Add(
                new HealthCheckRegistration(name, new ConnectionHealthCheck(connection), HealthStatus.Unhealthy, Tags));
        }
    }

    // Two connections may differ in a secret only, which their descriptions do not show.
    private static string Unique(string name, ICollection<HealthCheckRegistration> taken)
    {
        var unique = name;
        for (var i = 2; taken.Any(x => x.Name == unique); i++)
            unique = $"{name} #{i}";
        return unique;
    }
}
