using Ductape.MassTransit.Tests.Diagnostics;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Secrets;

/// <summary>What a broker's client says of a connection that it cannot make may hold any of its settings.</summary>
public class HiddenSecretTests
{
    [Theory]
    [InlineData("marker-user", "marker-user")]
    [InlineData("marker-host.example", "MARKER-HOST.example")]
    [InlineData("/marker vhost/1", "/marker vhost/1")]
    [InlineData("/marker vhost/1", "%2Fmarker%20vhost%2f1")]
    [InlineData("/marker vhost/1", "%2Fmarker vhost%2F1")]
    [InlineData("marker\"quote", "marker\\u0022quote")]
    [InlineData("m\u00e4rker", "m%C3%A4rker")]
    [InlineData("m@r", "m@r")]
    [InlineData("amqp://marker-user:marker-pw@marker-host/marker-vhost", "marker-user@marker-host:5672/marker-vhost")]
    [InlineData("Endpoint=sb://marker-ns.example/;SharedAccessKeyName=marker-name;SharedAccessKey=bWFya2Vy=", "sb://marker-ns.example with bWFya2Vy=, marker-name")]
    [InlineData("marker-node:5673", "marker-node")]
    public async Task Nothing_shows_a_value_that_was_looked_up_in_whatever_spelling(string secret, string spelled)
    {
        var said = await SaidAsync(secret, _ => new InvalidOperationException("refused", new IOException($"ACCESS_REFUSED for '{spelled}'")));

        Assert.Contains(said, x => x.Contains("ACCESS_REFUSED for '", StringComparison.Ordinal) && x.Contains("$Secret{ADDRESS}", StringComparison.Ordinal));
        foreach (var part in new[] { "marker", "bWFya2Vy", "rker", "m@r" })
            Assert.All(said, x => Assert.DoesNotContain(part, x, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_exception_still_says_its_kind_its_place_and_its_cause()
    {
        var said = await SaidAsync("marker-host", _ => new InvalidOperationException("marker-host refused", new IOException("reset by marker-host")));

        Assert.Contains(said, x => x.Contains("System.InvalidOperationException: $Secret{ADDRESS} refused", StringComparison.Ordinal)
            && x.Contains("System.IO.IOException: reset by $Secret{ADDRESS}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/", "an address as a/b stays")]
    [InlineData("e", "every letter stays")]
    [InlineData("orders", "reordersomething stays")]
    public async Task A_short_value_does_not_take_letters_out_of_other_words(string secret, string text)
    {
        var said = await SaidAsync(secret, _ => new IOException(text));

        Assert.Contains(said, x => x.Contains(text, StringComparison.Ordinal));
        Assert.All(said, x => Assert.DoesNotContain("$Secret{ADDRESS}", x));
    }

    [Fact]
    public async Task An_exception_without_secrets_is_the_one_that_was_thrown()
    {
        var failure = new IOException("nothing to hide");
        await using var services = Build("marker-host", _ => failure, new CapturedLogs());

        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1));

        Assert.Same(failure, error.InnerException);
    }

    /// <summary>All that logs, health and exceptions say of a connection that fails.</summary>
    private static async Task<IReadOnlyList<string>> SaidAsync(string secret, Func<VaultSettings, Exception> failure)
    {
        var logs = new CapturedLogs();
        await using var services = Build(secret, failure, logs);
        var publish = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1));
        var dead = await Assert.ThrowsAsync<DuctapeException>(() => services.GetRequiredService<IDeadLetters>().CountAsync(Event));
        var health = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        var findings = await CatalogLint.RunAsync(services, TestContext.Current.CancellationToken);
        return
        [
            .. logs.Lines, publish.ToString(), publish.Message, publish.InnerException!.Message, $"{publish.InnerException.StackTrace}", dead.ToString(),
            services.Catalog().FetchRoute(Event).ToString(), .. findings.Select(x => x.ToString()),
            .. health.Entries.Select(x => $"{x.Key} {x.Value.Description} {x.Value.Exception} {string.Join(' ', x.Value.Data)}"),
        ];
    }

    private static ServiceProvider Build(string secret, Func<VaultSettings, Exception> failure, CapturedLogs logs)
    {
        var services = TestProvider.Build(
            With((Dev, """{ "Type": "VAULT", "Config": { "Password": "$Secret{ADDRESS}" } }"""),
                ("Secrets", $$"""{ "ADDRESS": {{System.Text.Json.JsonSerializer.Serialize(secret)}} }"""), ("PublishTimeout", "\"00:00:02\"")),
            x =>
            {
                x.AddTransport<VaultTransport>();
                x.Services.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
                x.Services.AddHealthChecks();
            });
        services.GetServices<IBrokerTransport>().OfType<VaultTransport>().Single().Failure = failure;
        return services;
    }
}
