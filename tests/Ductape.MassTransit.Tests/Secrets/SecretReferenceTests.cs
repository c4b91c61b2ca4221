using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Secrets;

/// <summary><c>$Secret{KEY}</c> in the settings of a broker.</summary>
public sealed class SecretReferenceTests
{
    private const string Config = """
        {
          "Type": "VAULT",
          "Config": {
            "Address": "vault://user:$Secret{PASSWORD}@$Secret{HOST}/", "Password": "$Secret{PASSWORD}", "Hosts": [ "a", "$Secret{HOST}" ],
            "Tls": { "Passphrase": "<$Secret{PASSWORD}>", "Enabled": true }, "Number": 7
          }
        }
        """;

    private static readonly string BothSecrets = """{ "PASSWORD": "p@ss/w%rd", "HOST": "vault.example" }""";

    [Fact]
    public async Task References_anywhere_in_the_settings_are_replaced_when_the_connection_is_made()
    {
        await using var services = Provider(With((Dev, Config), ("Secrets", BothSecrets)));

        await services.Broker().PublishAsync(Event, 1);

        var used = Assert.Single(Transport(services).Used);
        Assert.Equal("vault://user:p%40ss%2Fw%25rd@vault.example/", used.Address);
        Assert.Equal("p@ss/w%rd", used.Password);
        Assert.Equal(["a", "vault.example"], used.Hosts);
        Assert.Equal(("<p@ss/w%rd>", true, 7), (used.Tls.Passphrase, used.Tls.Enabled, used.Number));
    }

    [Fact]
    public async Task The_configuration_wins_over_the_environment_variable_and_that_over_a_resolver()
    {
        var (first, second, third) = ($"FIRST_{Environment.ProcessId}", $"SECOND_{Environment.ProcessId}", $"THIRD_{Environment.ProcessId}");
        Environment.SetEnvironmentVariable(first, "variable");
        Environment.SetEnvironmentVariable(second, "variable");
        await using var services = Provider(
            With((Dev, $$"""{ "Type": "VAULT", "Config": { "Hosts": [ "$Secret{{{first}}}", "$Secret{{{second}}}", "$Secret{{{third}}}" ] } }"""),
                ("Secrets", $$"""{ "{{first}}": "configuration" }""")),
            x => x.Services.AddSingleton<ISecretResolver, EverythingResolver>());

        await services.Broker().PublishAsync(Event, 1);

        Assert.Equal(["configuration", "variable", $"resolver:{third}"], Assert.Single(Transport(services).Used).Hosts);
    }

    [Fact]
    public async Task A_secret_that_nothing_has_stops_the_start_with_every_place_that_wants_it()
    {
        using var host = TestHost.Build(With((Dev, Config)), x => x.AddTransport<VaultTransport>());

        var failure = await Assert.ThrowsAsync<InvalidConfigurationException>(() => host.StartAsync());

        Assert.Equal(
            [
                $"Ductape:{Dev}:Config:Address: SECRET_NOT_FOUND: it refers to the secret 'PASSWORD', and nothing has it; set Ductape:Secrets:PASSWORD or the "
                + "environment variable PASSWORD, or register an ISecretResolver that knows it.",
            ],
            failure.Failures.Take(1));
        Assert.Equal(["Address", "Password", "Hosts:1", "Tls:Passphrase"],
            failure.Failures.Select(x => x.Split(": SECRET_NOT_FOUND: it refers ")[0].Split(":Config:")[1]));
    }

    [Fact]
    public async Task Secrets_of_another_environment_are_not_asked_for_at_the_start()
    {
        using var host = TestHost.Build(
            With(($"{Broker}:Envs:prd", Config)), x => x.AddTransport<VaultTransport>());

        await host.StartAsync();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => host.Services.Broker().PublishAsync(Event, 1, env: "prd"));
        Assert.Equal(DuctapeErrorCodes.SecretNotFound, error.Code);
        Assert.Equal((Event, "prd", "my_product"), (error.Event, error.Env, error.ProductTag));
        await host.StopAsync();
    }

    [Fact]
    public async Task Without_a_host_a_missing_secret_fails_the_call_at_once_and_a_found_one_heals_it()
    {
        var resolver = new SwitchedResolver();
        await using var services = Provider(With((Dev, Config)), x => x.Services.AddSingleton<ISecretResolver>(resolver));

        var publish = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1).WaitAsync(Eventually.Deadline));
        Assert.Equal(DuctapeErrorCodes.SecretNotFound, publish.Code);
        var subscribe = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask).WaitAsync(Eventually.Deadline));
        Assert.Equal(DuctapeErrorCodes.SecretNotFound, subscribe.Code);

        resolver.On = true;

        await Conformance.Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => services.Broker().PublishAsync(Event, 1)) is null);
    }

    [Fact]
    public async Task A_secret_that_makes_the_settings_wrong_is_named_by_its_place_and_not_shown()
    {
        await using var services = Provider(With(
            (Dev, """{ "Type": "VAULT", "Config": { "Address": "$Secret{ADDRESS}" } }"""), ("Secrets", """{ "ADDRESS": "marker-secret" }""")));

        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1));

        Assert.Equal(DuctapeErrorCodes.InvalidInput, error.Code);
        Assert.Contains($"Ductape:{Dev}:Config:Address: it is not a URL.", error.Message);
        Assert.DoesNotContain("marker-secret", error.ToString());
    }

    private static ServiceProvider Provider(string json, Action<IDuctapeMessageBrokerBuilder>? more = null) => TestProvider.Build(json, x =>
    {
        x.AddTransport<VaultTransport>();
        more?.Invoke(x);
    });

    private static VaultTransport Transport(IServiceProvider services) => services.GetServices<IBrokerTransport>().OfType<VaultTransport>().Single();

    private sealed class EverythingResolver : ISecretResolver
    {
        public ValueTask<string?> ResolveAsync(string key, CancellationToken cancellationToken) => new($"resolver:{key}");
    }

    private sealed class SwitchedResolver : ISecretResolver
    {
        public bool On { get; set; }

        public ValueTask<string?> ResolveAsync(string key, CancellationToken cancellationToken) => new(On ? "found" : null);
    }

    [Theory]
    [InlineData(Broker + ":Name")]
    [InlineData(Topic + ":Entity")]
    [InlineData(Topic + ":Queue")]
    [InlineData(Topic + ":RoutingKey")]
    [InlineData(Topic + ":Envs:dev:RoutingKey")]
    [InlineData(Topic + ":Subscribers:0")]
    public void A_secret_in_a_name_is_a_problem_at_start_up(string path)
    {
        var json = path.EndsWith(":0", StringComparison.Ordinal)
            ? With((path[..^2], """["$Secret{NAME}"]"""))
            : With((path, "\"$Secret{NAME}\""));

        Assert.Contains(
            $"Ductape:{path}: a secret cannot stand here, since names are shown in logs and at the broker; $Secret{{KEY}} belongs in a broker's "
            + "Config and in the keys, Issuer and Audience of a session type.",
            StartUp.Problems(json));
    }
}
