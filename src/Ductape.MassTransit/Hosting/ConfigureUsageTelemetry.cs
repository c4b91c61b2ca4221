using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Hosting;

/// <summary>Keeps MassTransit's usage telemetry off unless the user turns it on.</summary>
internal sealed class ConfigureUsageTelemetry(IOptions<DuctapeOptions> options) : IConfigureOptions<UsageTelemetryOptions>
{
    public void Configure(UsageTelemetryOptions telemetry) => telemetry.Enabled = options.Value.UsageTelemetry;
}
