using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Diagnostics;
using Ductape.MassTransit.Tests.Reloading;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Secrets;

/// <summary>RabbitMQ by the name of a connection string of the application.</summary>
public sealed class ConnectionStringTests : ReloadTest
{
    private const string Rabbit = """{ "Type": "RABBITMQ", "Config": { "ConnectionName": "rabbit" } }""";

    [Fact]
    public async Task A_host_with_the_connection_string_starts_and_shows_its_name_alone()
    {
        var logs = new CapturedLogs();
        // Nobody listens there.
        using var host = Build(With((Dev, Rabbit)), "amqp://marker-user:marker-word@127.0.0.1:1/marker-vhost", logs);
        await host.StartAsync();

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => host.Services.Broker().PublishAsync(OrdersConfiguration.Event, 1));

        Assert.Equal(DuctapeErrorCodes.PublishFailed, exception.Code);
        Assert.Equal("RABBITMQ (ConnectionStrings:rabbit)", host.Services.Catalog().FetchRoute(OrdersConfiguration.Event).Connection);
        Assert.DoesNotContain("marker", exception + string.Join('\n', logs.Lines), StringComparison.OrdinalIgnoreCase);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_missing_connection_string_stops_the_start_with_the_place_and_the_remedy() =>
        Assert.Equal(
            [$"Ductape:{Dev}:Config:ConnectionName: SECRET_NOT_FOUND: it names the connection string 'rabbit', and the application's configuration has none; set "
                + "ConnectionStrings:rabbit, in the environment ConnectionStrings__rabbit; with Aspire, refer to the resource with WithReference."],
            await FailuresAsync(With((Dev, Rabbit)), null));

    [Fact]
    public async Task One_that_only_another_environment_needs_does_not_stop_the_start_and_lint_tells()
    {
        var json = With((Stg, Rabbit));
        using var host = Build(json, null);
        await host.StartAsync();
        await host.StopAsync();

        var finding = Assert.Single(await CatalogLint.RunAsync(TestServices.Configuration(json), x => x.AddRabbitMq()));
        Assert.Equal(new LintFinding(LintSeverity.Warning, $"Ductape:{Stg}:Config:ConnectionName",
            "SECRET_NOT_FOUND: it names the connection string 'rabbit', and the application's configuration has none.",
            "Set ConnectionStrings:rabbit, in the environment ConnectionStrings__rabbit; with Aspire, refer to the resource with WithReference."), finding);
    }

    [Theory]
    [InlineData("Host=marker;Password=marker")]
    [InlineData("http://marker:marker@localhost/")]
    public async Task A_connection_string_that_is_no_AMQP_URL_stops_the_start_and_is_not_shown(string value) =>
        Assert.Equal(
            [$"Ductape:{Dev}:Config:ConnectionName: the connection string 'rabbit' does not do; it is not an AMQP URL (not shown, since it may hold a password); "
                + "write amqp://user:password@host:5672/vhost."],
            await FailuresAsync(With((Dev, Rabbit)), value));

    [Theory]
    [InlineData("Url", "http://marker:marker@localhost/", "Url: it is not an AMQP URL (not shown, since it may hold a password); "
        + "write amqp://user:password@host:5672/vhost.")]
    [InlineData("Host", "marker marker", "Host: '$Secret{PART}' is not the name or address of a server; a port goes into Port, a URL into Url.")]
    [InlineData("Hosts", "marker:port", "Hosts:0: '$Secret{PART}' is not 'host' or 'host:port'.")]
    public async Task What_a_secret_holds_is_checked_at_the_start_like_a_connection_string(string key, string value, string problem)
    {
        var reference = key == "Hosts" ? """["$Secret{PART}"]""" : "\"$Secret{PART}\"";
        var json = With((Dev, $$"""{ "Type": "RABBITMQ", "Config": { "{{key}}": {{reference}} } }"""), ("Secrets", $$"""{ "PART": "{{value}}" }"""));

        Assert.Equal([$"Ductape:{Dev}:Config:{problem}"], await FailuresAsync(json, null));
    }

    [Theory]
    [InlineData("""{ "ConnectionName": "rabbit", "Host": "b" }""", "ConnectionName: it excludes Url, Host, Hosts and Port; give one or the other.")]
    [InlineData("""{ "ConnectionName": "rabbit", "Hosts": [ "b" ] }""", "ConnectionName: it excludes Url, Host, Hosts and Port; give one or the other.")]
    [InlineData("""{ "ConnectionName": "rabbit", "Port": 1 }""", "ConnectionName: it excludes Url, Host, Hosts and Port; give one or the other.")]
    [InlineData("""{ "ConnectionName": "rabbit", "Url": "amqp://b/" }""", "ConnectionName: it excludes Url, Host, Hosts and Port; give one or the other.")]
    [InlineData("""{ "ConnectionName": " " }""", "ConnectionName: it is blank; give the name of a connection string of the application.")]
    [InlineData("""{ "ConnectionName": "amqp://u:p@b/" }""",
        "ConnectionName: it is not the name of a connection string (not shown, since it may hold a password); a URL goes into Url.")]
    public void What_contradicts_it_is_a_problem_at_start_up(string config, string problem) =>
        Assert.Equal([$"Ductape:{Dev}:Config:{problem}"],
            StartUp.Problems(With((Dev, $$"""{ "Type": "RABBITMQ", "Config": {{config}} }""")), x => x.AddRabbitMq()));

    [Theory]
    [InlineData("""{ "Username": "u" }""", "amqp://a:b@localhost/", "Username: the connection string 'rabbit' names a user too; give one or the other.")]
    [InlineData("""{ "VirtualHost": "v" }""", "amqp://localhost/x", "VirtualHost: the connection string 'rabbit' names one too; give one or the other.")]
    public async Task What_the_connection_string_says_already_cannot_be_said_again(string config, string value, string problem)
    {
        var named = JsonNode.Parse(config)!;
        named["ConnectionName"] = "rabbit";

        Assert.Equal([$"Ductape:{Dev}:Config:{problem}"],
            await FailuresAsync(With((Dev, $$"""{ "Type": "RABBITMQ", "Config": {{named.ToJsonString()}} }""")), value));
    }

    [Fact]
    public async Task On_the_test_harness_nobody_needs_it()
    {
        var services = TestServices.With(With((Dev, Rabbit)));
        services.AddDuctapeMessageBroker();
        services.AddMassTransitTestHarness();
        await using var provider = services.BuildServiceProvider(true);
        foreach (var service in provider.GetServices<IHostedService>())
            await service.StartAsync(default);

        await provider.Broker().PublishAsync(OrdersConfiguration.Event, 1);
    }

    [Fact]
    public void Two_connection_strings_and_two_URLs_in_secrets_are_connections_of_their_own()
    {
        using var services = TestProvider.Build(
            With(
                (Dev, Rabbit),
                (Stg, """{ "Type": "RABBITMQ", "Config": { "ConnectionName": "other" } }"""),
                ($"{OrdersConfiguration.Broker}:Envs:a", """{ "Type": "RABBITMQ", "Config": { "Url": "$Secret{SHARED_URL_A}" } }"""),
                ($"{OrdersConfiguration.Broker}:Envs:b", """{ "Type": "RABBITMQ", "Config": { "Url": "$Secret{SHARED_URL_B}" } }""")),
            x => x.AddRabbitMq());

        var checks = services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations
            .Select(x => x.Name).Where(x => x.Contains("RABBITMQ", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "ductape: RABBITMQ (ConnectionStrings:other)", "ductape: RABBITMQ (ConnectionStrings:rabbit)",
                "ductape: RABBITMQ (amqp://address-in-a-secret:5672/)", "ductape: RABBITMQ (amqp://address-in-a-secret:5672/) #2",
            ],
            checks);
    }

    [Fact]
    public async Task A_reload_without_the_connection_string_changes_nothing_and_another_value_is_a_reload()
    {
        var app = Start(change: x =>
        {
            x["Products"]!["shop"]!["Brokers"]![Broker]!["Envs"]!["test"] = JsonNode.Parse(Rabbit);
            x.Parent!["ConnectionStrings"] = new JsonObject { ["rabbit"] = "amqp://marker-user@localhost:1/", ["database"] = "Server=a" };
        });
        var before = app.Catalog.FetchRoute(Created);

        app.Reload(x => x.Parent!["ConnectionStrings"]!.AsObject().Remove("rabbit"));
        await Eventually.TrueAsync(() => Logged("names the connection string 'rabbit'") == 1);
        Assert.Same(before, app.Catalog.FetchRoute(Created));

        app.Reload(x => x.Parent!["ConnectionStrings"] = new JsonObject { ["rabbit"] = "amqp://marker-user@localhost:1/", ["database"] = "Server=b" });
        await Eventually.TrueAsync(async () => (await app.HealthAsync()).Status == HealthStatus.Healthy);
        Assert.Equal(0, Logged("The configuration was reloaded"));

        await app.ReloadedAsync(x => x.Parent!["ConnectionStrings"]!["rabbit"] = "amqp://marker-user@localhost:2/");
        await Eventually.TrueAsync(() => Logged("The configuration was reloaded") == 1);
        Assert.Equal(0, Logged("marker"));
    }

    private static IHost Build(string json, string? connectionString, CapturedLogs? logs = null)
    {
        var application = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        application.Configuration.AddConfiguration(TestServices.Configuration(json));
        application.Configuration.AddInMemoryCollection([KeyValuePair.Create("Ductape:PublishTimeout", (string?)"00:00:02")]);
        if (connectionString is not null)
            application.Configuration.AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Rabbit", (string?)connectionString)]);
        if (logs is not null)
            application.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Debug);
        application.Services.AddDuctapeMessageBroker().AddRabbitMq();
        return application.Build();
    }

    private static async Task<IEnumerable<string>> FailuresAsync(string json, string? connectionString)
    {
        using var host = Build(json, connectionString);
        return (await Assert.ThrowsAsync<InvalidConfigurationException>(() => host.StartAsync())).Failures;
    }
}
