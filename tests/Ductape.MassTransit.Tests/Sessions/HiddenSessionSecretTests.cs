using Ductape.MassTransit.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>
/// Addresses, issuer and audience of a session type may be secrets, and an address may hold credentials.
/// </summary>
public class HiddenSessionSecretTests
{
    [Theory]
    [InlineData("JwksUri", "http://marker-user:marker-word@localhost:1/marker-path?code=marker-code")]
    [InlineData("Authority", "http://marker-user:marker-word@localhost:1/marker-path")]
    [InlineData("JwksUri", "$Secret{ADDRESS}")]
    [InlineData("Authority", "$Secret{ADDRESS}")]
    [InlineData("JwksUri", "http://marker-user:$Secret{WORD}@localhost:1/keys")]
    public async Task An_address_that_does_not_answer_shows_no_credentials(string key, string address)
    {
        var logs = new CapturedLogs();
        await using var app = App(logs, ($"{Web}:{key}", $"\"{address}\""));

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.PublishAsync(ForgedToken.Rsa(app.Claims(), Rsa)));

        Assert.Contains($"the keys of Ductape:{Web}:{key} could not be fetched", error.Message);
        Assert.NotNull(error.InnerException);
        AssertHidden(address.StartsWith('$') ? ["marker-user", "marker-word", "localhost", "marker-path"] : ["marker-user", "marker-word", "marker-code"], error, logs);
    }

    [Theory]
    [InlineData("Issuer", "has not the issuer '$Secret{NAME}'.")]
    [InlineData("Audience", "is not meant for the audience '$Secret{NAME}'.")]
    public async Task A_refusal_names_the_reference(string key, string reason)
    {
        var logs = new CapturedLogs();
        await using var app = App(logs, ($"{Web}:SigningKey", $"\"{SigningKey}\""), ($"{Web}:{key}", "\"$Secret{NAME}\""));

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.PublishAsync(ForgedToken.Hmac(app.Claims(("iss", "other"), ("aud", "other")))));

        Assert.EndsWith(reason, error.Message);
        AssertHidden(["marker-name"], error, logs);
    }

    private static SessionApp App(CapturedLogs logs, params (string Path, string Json)[] changes) => new(
        With([(Web, """{ "Selector": "$Session{userId}" }"""), .. changes,
            ("Secrets", """{ "ADDRESS": "http://marker-user:marker-word@localhost:1/marker-path", "WORD": "marker-word", "NAME": "marker-name" }""")]),
        more: x => x.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(logs)));

    private static void AssertHidden(string[] secrets, Exception error, CapturedLogs logs)
    {
        foreach (var secret in secrets)
            Assert.All([.. logs.Lines, error.ToString()], x => Assert.DoesNotContain(secret, x, StringComparison.OrdinalIgnoreCase));
    }
}
