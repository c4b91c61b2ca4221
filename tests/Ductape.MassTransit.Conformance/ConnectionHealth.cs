using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.Conformance;

/// <summary>What a report says of the one connection there is.</summary>
public static class ConnectionHealth
{
    public static HealthReportEntry Connection(this HealthReport report) => Assert.Single(report.Entries, x => x.Key != ReloadApp.Check).Value;
}
