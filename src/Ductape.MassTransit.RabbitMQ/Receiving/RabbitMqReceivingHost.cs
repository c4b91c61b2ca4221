using MassTransit.Configuration;
using MassTransit.Logging;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;

namespace Ductape.MassTransit.RabbitMQ.Receiving;

/// <summary>
/// The host part of a bus as its receive endpoints see it: everything is <paramref name="host"/>'s but the connection,
/// which is the one for receiving. MassTransit has one connection for a bus; the bus's own endpoint, which is what
/// applications publish by, keeps that.
/// </summary>
internal sealed class RabbitMqReceivingHost(IRabbitMqHostConfiguration host, Func<IConnectionContextSupervisor> connections) : IRabbitMqHostConfiguration
{
    public IConnectionContextSupervisor ConnectionContextSupervisor => connections();

    public RabbitMqHostSettings Settings { get => host.Settings; set => host.Settings = value; }

    public bool PublisherConfirmation => host.PublisherConfirmation;

    public BatchSettings BatchSettings => host.BatchSettings;

    public IRabbitMqBusTopology Topology => host.Topology;

    public IBusConfiguration BusConfiguration => host.BusConfiguration;

    public Uri HostAddress => host.HostAddress;

    public bool DeployTopologyOnly { get => host.DeployTopologyOnly; set => host.DeployTopologyOnly = value; }

    public bool DeployPublishTopology { get => host.DeployPublishTopology; set => host.DeployPublishTopology = value; }

    public ISendObserver SendObservers => host.SendObservers;

    public ILogContext? LogContext { get => host.LogContext; set => host.LogContext = value; }

    public ILogContext? ReceiveLogContext => host.ReceiveLogContext;

    public ILogContext? SendLogContext => host.SendLogContext;

    IBusTopology IHostConfiguration.Topology => ((IHostConfiguration)host).Topology;

    public IRetryPolicy ReceiveTransportRetryPolicy => host.ReceiveTransportRetryPolicy;

    public IRetryPolicy SendTransportRetryPolicy => host.SendTransportRetryPolicy;

    public TimeSpan? ConsumerStopTimeout { get => host.ConsumerStopTimeout; set => host.ConsumerStopTimeout = value; }

    public TimeSpan? StopTimeout { get => host.StopTimeout; set => host.StopTimeout = value; }

    public IHost Build() => host.Build();

    public IEnumerable<ValidationResult> Validate() => host.Validate();

    public void ApplyEndpointDefinition(IRabbitMqReceiveEndpointConfigurator configurator, IEndpointDefinition definition) =>
        host.ApplyEndpointDefinition(configurator, definition);

    public IRabbitMqReceiveEndpointConfiguration CreateReceiveEndpointConfiguration(
        string queueName, Action<IRabbitMqReceiveEndpointConfigurator>? configure = null) =>
        host.CreateReceiveEndpointConfiguration(queueName, configure);

    public IRabbitMqReceiveEndpointConfiguration CreateReceiveEndpointConfiguration(RabbitMqReceiveSettings settings,
        IRabbitMqEndpointConfiguration endpointConfiguration, Action<IRabbitMqReceiveEndpointConfigurator>? configure = null) =>
        host.CreateReceiveEndpointConfiguration(settings, endpointConfiguration, configure);

    IReceiveEndpointConfiguration IHostConfiguration.CreateReceiveEndpointConfiguration(string queueName, Action<IReceiveEndpointConfigurator>? configure) =>
        host.CreateReceiveEndpointConfiguration(queueName, configure);

    public ConnectHandle ConnectReceiveEndpointContext(ReceiveEndpointContext context) => host.ConnectReceiveEndpointContext(context);

    public ConnectHandle ConnectEndpointConfigurationObserver(IEndpointConfigurationObserver observer) =>
        ((IHostConfiguration)host).ConnectEndpointConfigurationObserver(observer);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => host.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectConsumeObserver(IConsumeObserver observer) => host.ConnectConsumeObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => host.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => host.ConnectSendObserver(observer);

    public void ReceiveEndpoint(IEndpointDefinition definition, IEndpointNameFormatter? endpointNameFormatter,
        Action<IRabbitMqReceiveEndpointConfigurator>? configureEndpoint) =>
        host.ReceiveEndpoint(definition, endpointNameFormatter, configureEndpoint);

    public void ReceiveEndpoint(string queueName, Action<IRabbitMqReceiveEndpointConfigurator> configureEndpoint) =>
        host.ReceiveEndpoint(queueName, configureEndpoint);

    void IReceiveConfigurator.ReceiveEndpoint(
        IEndpointDefinition definition, IEndpointNameFormatter? endpointNameFormatter, Action<IReceiveEndpointConfigurator>? configureEndpoint) =>
        ((IReceiveConfigurator)host).ReceiveEndpoint(definition, endpointNameFormatter, configureEndpoint);

    void IReceiveConfigurator.ReceiveEndpoint(string queueName, Action<IReceiveEndpointConfigurator> configureEndpoint) =>
        ((IReceiveConfigurator)host).ReceiveEndpoint(queueName, configureEndpoint);
}
