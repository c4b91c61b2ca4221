using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Diagnostics;

public class SecretTests
{
    private const string Secret = "marker-secret";

    [Theory]
    [InlineData("""{ "Url": "http://user:marker-secret@host/" }""")]
    [InlineData("""{ "Url": "amqp://user:marker-secret@host:port/" }""")]
    [InlineData("""{ "Url": "user:marker-secret@host" }""")]
    [InlineData("""{ "Url": [ "amqp://user:marker-secret@host" ] }""")]
    [InlineData("""{ "Url": "amqp://user:marker-secret@host/", "Host": "other", "Password": "marker-secret" }""")]
    [InlineData("""{ "Uri": "amqp://user:marker-secret@host/" }""")]
    [InlineData("""{ "Hosts": [ "amqp://user:marker-secret@host:5672/" ] }""")]
    [InlineData("""{ "Hosts": "user:marker-secret@host" }""")]
    [InlineData("""{ "Host": "amqp://user:marker-secret@host:5672/" }""")]
    [InlineData("""{ "Host": "user:marker-secret@host" }""")]
    [InlineData("""{ "Passwort": "marker-secret" }""")]
    [InlineData("""{ "Password": { "Value": "marker-secret" } }""")]
    [InlineData("""{ "Tls": "marker-secret" }""")]
    [InlineData("""{ "Tls": { "ClientCertificatePassphrase": "marker-secret", "ClientCertificatePath": "/none.p12" } }""")]
    [InlineData("\"amqp://user:marker-secret@host/\"")]
    public void A_secret_in_a_wrong_transport_configuration_is_refused_and_not_shown(string config)
    {
        var problems = StartUp.Problems(With((Dev, $$"""{ "Type": "RABBITMQ", "Config": {{config}} }""")), x => x.AddRabbitMq());

        Assert.NotEmpty(problems);
        Assert.All(problems, x => Assert.DoesNotContain(Secret, x));
        Assert.All(problems, x => Assert.StartsWith($"Ductape:{Dev}:Config", x));
    }

    [Theory]
    [InlineData("""{ "SigningKey": "marker-secret", "Period": "years" }""")]
    [InlineData("""{ "SigningKey": [ "marker-secret" ] }""")]
    [InlineData("""{ "SigningKye": "marker-secret" }""")]
    [InlineData("\"marker-secret\"")]
    public void A_signing_key_is_not_shown(string session)
    {
        var problems = StartUp.Problems(With(($"{Product}:Sessions:web", session)));

        Assert.NotEmpty(problems);
        Assert.All(problems, x => Assert.DoesNotContain(Secret, x));
    }

    [Fact]
    public void Settings_in_words_show_neither_user_nor_password()
    {
        Assert.Equal("amqps://host:5671/orders", new RabbitMqSettings { Url = $"amqps://user:{Secret}@host/orders" }.ToString());
        Assert.Equal("amqp://host:5673/", new RabbitMqSettings { Host = "host", Port = 5673, Username = "user", Password = Secret }.ToString());
        Assert.Equal("amqp://a:1,b:5672/x", new RabbitMqSettings { Hosts = ["a:1", "b"], VirtualHost = "x", Password = Secret }.ToString());
        Assert.Equal("RabbitMqTlsSettings", new RabbitMqTlsSettings { ClientCertificatePassphrase = Secret }.ToString());
        Assert.DoesNotContain(Secret, new SessionTypeOptions { SigningKey = Secret }.ToString());
        Assert.DoesNotContain(Secret, new BrokerEnvOptions { Settings = new RabbitMqSettings { Password = Secret } }.ToString());
    }

    [Theory]
    [InlineData(Secret)]
    [InlineData("$Secret{RABBIT_PASSWORD}")]
    public async Task A_password_is_in_no_log_no_exception_and_no_health_report(string password)
    {
        var logs = new CapturedLogs();
        await using var services = TestProvider.Build(
            With(
                ($"{Dev}", $$"""{ "Type": "RABBITMQ", "Config": { "Url": "amqp://user:{{password}}@localhost:1/" } }"""),
                ("Secrets", $$"""{ "RABBIT_PASSWORD": "{{Secret}}" }"""),
                ("PublishTimeout", "\"00:00:02\""), ("SubscribeTimeout", "\"00:00:01\""),
                ($"{Product}:Sessions:web", $$"""{ "SigningKey": "{{Secret}} and thirty-two bytes or more" }""")),
            x =>
            {
                x.AddRabbitMq();
                x.Services.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
                x.Services.AddHealthChecks();
            });

        await using (await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask))
        {
            var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1));
            var session = await Assert.ThrowsAsync<DuctapeException>(
                () => services.Broker().PublishAsync(Event, 1, session: new SessionInput { Tag = "web", Token = Secret }));
            var misplaced = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1,
                session: new SessionInput { Tag = $"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyXzEiLCJleHAiOjE4MDB9.{Secret}", Token = "x" }));
            Assert.Equal(DuctapeErrorCodes.SessionInvalid, misplaced.Code);
            var health = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
            var report = string.Join('\n', health.Entries.Select(
                x => $"{x.Key} {x.Value.Description} {x.Value.Exception} {string.Join(' ', x.Value.Data.Select(d => $"{d.Key}={d.Value}"))}"));

            Assert.All([exception.ToString(), session.ToString(), misplaced.ToString(), report, services.Catalog().FetchRoute(Event).ToString()],
                x => Assert.DoesNotContain(Secret, x));
        }

        Assert.Contains(logs.Lines, x => x.Contains("Not connected to RABBITMQ (amqp://localhost:1/)", StringComparison.Ordinal));
        Assert.All(logs.Lines, x => Assert.DoesNotContain(Secret, x));
    }
}
