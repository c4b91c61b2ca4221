using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Tests;

/// <summary>An application with a host and nothing else in it.</summary>
public static class TestHost
{
    public static IHost Build(
        string json = TestServices.OrdersJson, Action<IDuctapeMessageBrokerBuilder>? more = null, string? contentRoot = null)
    {
        var application = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = contentRoot });
        application.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        more?.Invoke(application.Services.AddDuctapeMessageBroker());
        if (more is null)
            application.Services.AddDuctapeMessageBroker();
        return application.Build();
    }
}
