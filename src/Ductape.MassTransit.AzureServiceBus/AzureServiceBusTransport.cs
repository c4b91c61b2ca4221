using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// Brokers of type <see cref="BrokerTypes.AzureServiceBus"/>. What needs no package of Azure works in every build.
/// </summary>
internal sealed partial class AzureServiceBusTransport : IBrokerTransport, IExistingQueueTransport, ILimitingTransport, ILintingTransport
{
    public string Type => BrokerTypes.AzureServiceBus;

    public int DefaultPrefetch => 32;

    public IMessageLimits Limits { get; } = new AzureServiceBusMessageLimits();

    public NamingRules NamingOf(TransportSettings settings) => AzureServiceBusNaming.Rules;

    public int? MaxMessageSizeOf(TransportSettings settings) =>
        (settings is AzureServiceBusSettings { Tier: AzureServiceBusTier.Premium }
            ? AzureServiceBusMessageLimits.PremiumLimit
            : AzureServiceBusMessageLimits.StandardLimit) - AzureServiceBusMessageLimits.Allowance;

    public string? ExistingQueue(TransportSettings settings) => (settings as AzureServiceBusSettings)?.QueueName;

    public TransportSettings CreateSettings() => new AzureServiceBusSettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => AzureServiceBusSettingsValidator.Validate((AzureServiceBusSettings)settings);

    public object GetConnectionKey(TransportSettings settings)
    {
        var azure = (AzureServiceBusSettings)settings;
        return (azure.ConnectionString, AzureServiceBusAddress.Full(azure.Namespace), azure.Provision, azure.UseWebSockets, azure.ProbeInterval);
    }

    public string Describe(TransportSettings settings) => AzureServiceBusAddress.Of((AzureServiceBusSettings)settings);

    public IEnumerable<LintFinding> Lint(TopicPlan topic) => AzureServiceBusLint.Check(topic, (AzureServiceBusSettings)topic.Settings);
}
