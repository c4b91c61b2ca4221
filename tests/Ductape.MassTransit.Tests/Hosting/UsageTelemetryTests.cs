using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Tests.Hosting;

public class UsageTelemetryTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public async Task MassTransit_reports_usage_only_where_it_is_turned_on(string? configured, bool expected)
    {
        var json = configured is null ? TestServices.OrdersJson : OrdersConfiguration.With(("UsageTelemetry", configured));
        await using var services = TestProvider.Build(json, x => x.Services.AddMassTransit(bus => bus.UsingInMemory()));

        Assert.Equal(expected, services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled);
    }
}
