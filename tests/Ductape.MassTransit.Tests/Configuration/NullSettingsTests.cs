using Ductape.MassTransit.Tests.Secrets;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

/// <summary>Nulls in the settings of a transport, and a transport that throws at the sight of settings.</summary>
public sealed class NullSettingsTests
{
    [Theory]
    [InlineData("RABBITMQ", """{ "Hosts": [ null ] }""", "Hosts:0: it is null; leave it out, or give it a value.")]
    [InlineData("RABBITMQ", """{ "Hosts": [ "a", null ] }""", "Hosts:1: it is null; leave it out, or give it a value.")]
    [InlineData("VAULT", """{ "Hosts": [ null ] }""", "Hosts:0: it is null; leave it out, or give it a value.")]
    public void In_a_configuration_each_is_a_problem_beside_the_others(string type, string config, string problem) =>
        Assert.Equal(
            ["Ductape:PublishTimeout: '00:00:00' is out of range; it must be more than zero and at most one day.", $"Ductape:{Stg}:Config:{problem}",
                $"Ductape:{Topic}:Prefetch: 0 is out of range; it must be from 1 to 65535."],
            StartUp.Problems(
                With(("PublishTimeout", "\"00:00:00\""), (Stg, $$"""{ "Type": "{{type}}", "Config": {{config}} }"""), ($"{Topic}:Prefetch", "0")),
                x => x.AddRabbitMq().AddTransport<VaultTransport>()));

    public static TheoryData<TransportSettings, string> InCode => new()
    {
        { new RabbitMqSettings { Hosts = null! }, "Hosts" },
        { new RabbitMqSettings { Hosts = [null!] }, "Hosts:0" },
        { new RabbitMqSettings { Tls = null! }, "Tls" },
        { new VaultSettings { Tls = null! }, "Tls" },
        { new VaultSettings { Hosts = null! }, "Hosts" },
    };

    [Theory]
    [MemberData(nameof(InCode), DisableDiscoveryEnumeration = true)]
    public void In_code_each_is_a_problem_beside_the_others(TransportSettings settings, string path)
    {
        var services = TestServices.With(With(("PublishTimeout", "\"00:00:00\"")));
        services.AddDuctapeMessageBroker().AddRabbitMq().AddTransport<VaultTransport>();
        services.PostConfigure<DuctapeOptions>(x => x.Products["my_product"].Brokers["sqsbroker"].Envs["stg"] = new BrokerEnvOptions
        {
            Type = settings is RabbitMqSettings ? "RABBITMQ" : "VAULT",
            Settings = settings,
        });

        Assert.Equal(
            ["PublishTimeout: '00:00:00' is out of range", $"{Stg}:Config:{path}: it is null"],
            StartUp.Problems(services).Select(x => x["Ductape:".Length..].Split(';')[0]));
    }

    [Fact]
    public void A_transport_that_throws_is_a_problem_beside_the_others() =>
        Assert.Equal(
            [
                "Ductape:PublishTimeout: '00:00:00' is out of range; it must be more than zero and at most one day.",
                $"Ductape:{Dev}:Config:Address: it is odd.",
                $"Ductape:{Dev}:Config: the transport THROWING failed at checking it, with FormatException; look for a value that is out of place; and the transport "
                    + "has to say which it is.",
                $"Ductape:{Topic}: the transport THROWING failed at checking it, with FormatException; look for a value that is out of place; and the transport "
                    + "has to say which it is.",
            ],
            StartUp.Problems(With(("PublishTimeout", "\"00:00:00\""), ($"{Dev}:Type", "\"THROWING\"")), x => x.AddTransport<ThrowingTransport>()));

    private sealed class ThrowingTransport : IBrokerTransport, IDeclaringTransport
    {
        private readonly VaultTransport _vault = new();

        public string Type => "THROWING";

        public int DefaultPrefetch => _vault.DefaultPrefetch;

        public TransportSettings CreateSettings() => _vault.CreateSettings();

        public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings)
        {
            yield return new("Address", "it is odd");
            throw new FormatException("a secret");
        }

        public IEnumerable<ConfigurationProblem> ValidateTopic(TopicOptions topic, TransportSettings settings) => throw new FormatException("a secret");

        public NamingRules NamingOf(TransportSettings settings) => _vault.NamingOf(settings);

        public int? MaxMessageSizeOf(TransportSettings settings) => null;

        public object GetConnectionKey(TransportSettings settings) => settings;

        public string Describe(TransportSettings settings) => "throwing";

        public TransportBus CreateBus(TransportSettings settings) => _vault.CreateBus(settings);
    }
}
