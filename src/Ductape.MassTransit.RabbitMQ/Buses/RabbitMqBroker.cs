using Ductape.MassTransit.RabbitMQ.Configuration;
using Ductape.MassTransit.RabbitMQ.Declaring;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ductape.MassTransit.RabbitMQ.Buses;

/// <summary>Brokers of type <see cref="BrokerTypes.RabbitMq"/>.</summary>
internal sealed class RabbitMqBroker(ILogger<RabbitMqBroker>? logger = null, TimeProvider? time = null)
    : IBrokerTransport, IDeclaringTransport, ILintingTransport
{
    public string Type => BrokerTypes.RabbitMq;

    public int DefaultPrefetch => 64;

    public TransportSettings CreateSettings() => new RabbitMqSettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => RabbitMqSettingsValidator.Validate((RabbitMqSettings)settings);

    public NamingRules NamingOf(TransportSettings settings) => RabbitMqNaming.Rules;

    // The default max_message_size of RabbitMQ 4, less what the envelope and its headers may take. Older servers take
    // more, but a larger message would close the channel there one day.
    public int? MaxMessageSizeOf(TransportSettings settings) => (16 * 1024 * 1024) - (64 * 1024);

    public IEnumerable<ConfigurationProblem> ValidateTopic(TopicOptions topic, TransportSettings settings) =>
        RabbitMqArguments.Validate(topic.Arguments, (RabbitMqSettings)settings);

    public IEnumerable<LintFinding> Lint(TopicPlan topic) => RabbitMqLint.Check(topic, (RabbitMqSettings)topic.Settings);

    public object GetConnectionKey(TransportSettings settings)
    {
        var rabbit = (RabbitMqSettings)settings;
        // What a whole URL in a secret holds is not in the address.
        var reference = rabbit.ConnectionName ?? (TransportSettings.RefersToSecret(rabbit.Url) ? rabbit.Url : null);
        return (reference, RabbitMqAddress.Of(rabbit), rabbit.ConnectTimeout, rabbit.Heartbeat, rabbit.Tls.ServerName, rabbit.Tls.CaCertificatePath,
            rabbit.Tls.ClientCertificatePath, rabbit.Tls.ClientCertificatePassphrase);
    }

    public string Describe(TransportSettings settings) => settings.ToString();

    public TransportBus CreateBus(TransportSettings settings) =>
        new RabbitMqTransportBus((RabbitMqSettings)settings, time ?? TimeProvider.System, logger ?? NullLogger<RabbitMqBroker>.Instance);
}
