using System.Reflection;
using Ductape.MassTransit.RabbitMQ.Configuration;

namespace Ductape.MassTransit.RabbitMQ.Connecting;

/// <summary>Tells MassTransit where the servers are and how to connect to them.</summary>
internal static class RabbitMqHostSetup
{
    public static void Configure(IRabbitMqBusFactoryConfigurator bus, RabbitMqSettings settings, RabbitMqAddress address)
    {
        var node = address.Nodes.First();
        bus.Host(node.Host, node.Port!.Value, address.VirtualHost, Assembly.GetEntryAssembly()?.GetName().Name, x => Configure(x, settings, address));
    }

    private static void Configure(IRabbitMqHostConfigurator host, RabbitMqSettings settings, RabbitMqAddress address)
    {
        host.Username(address.Username);
        host.Password(address.Password);
        host.PublisherConfirmation = true;
        host.Heartbeat(settings.Heartbeat);
        host.RequestedConnectionTimeout(settings.ConnectTimeout);
        host.OnRefreshConnectionFactory = factory =>
        {
            factory.HandshakeContinuationTimeout = settings.ConnectTimeout;
            return Task.CompletedTask;
        };
        if (address.Hosts.Contains(','))
        {
            host.UseCluster(cluster =>
            {
                foreach (var node in address.Nodes)
                    cluster.Node(node.ToString());
            });
        }

        if (address.Tls)
            RabbitMqTls.Configure(host, settings.Tls, address);
    }
}
