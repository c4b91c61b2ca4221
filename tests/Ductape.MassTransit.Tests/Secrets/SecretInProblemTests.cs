using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Secrets;

/// <summary>Secrets that stand where something else belongs, and what is said of that.</summary>
public sealed class SecretInProblemTests
{
    private const string Url = "amqp://u:MARKER/x@y@h/v";
    private const string Pem = "-----BEGIN PRIVATE KEY-----\nMARKER\n-----END PRIVATE KEY-----";

    public static TheoryData<string, string> Places
    {
        get
        {
            var places = new TheoryData<string, string>();
            foreach (var path in new[]
            {
                $"{Dev}:Type", $"{Dev}:MaxMessageSize", "Product", "Env", "PublishTimeout", $"{Topic}:ExchangeType", $"{Topic}:Entity",
                $"{Topic}:Queue", $"{Topic}:Schema", $"{Topic}:Retry:Handle:0", $"{Topic}:RequireSession:0", $"{Topic}:Subscribers:0",
                $"{Product}:Sessions:web:Selector", $"{Product}:Sessions:web:Period", $"{Product}:Sessions:web:Algorithms:0",
                $"{Product}:Sessions:web:PublicKey", $"{Product}:Sessions:web:JwksUri", $"{Dev}:Config:Host", $"{Dev}:Config:Hosts:0", $"{Dev}:Config:Port",
                $"{Dev}:Config:ConnectionName", $"{Dev}:Config:Tls:CaCertificatePath", $"{Dev}:Config:Tls:ClientCertificatePath",
            })
            {
                places.Add(path, Url);
                places.Add(path, Pem);
            }

            return places;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_password_or_key_in_the_wrong_place_is_a_problem_that_does_not_show_it(string path, string value)
    {
        var json = JsonSerializer.Serialize(value);
        var isElement = path.EndsWith(":0", StringComparison.Ordinal);
        var change = isElement ? (path[..^2], $"[{json}]") : (path, json);
        var configuration = path.Contains(":Config:", StringComparison.Ordinal) ? With(($"{Dev}:Type", "\"RABBITMQ\""), change) : With(change);

        var problems = StartUp.Problems(configuration, x => x.AddRabbitMq());

        Assert.Contains(problems, x => x.StartsWith($"Ductape:{(isElement ? path[..^2] : path)}", StringComparison.Ordinal));
        Assert.DoesNotContain("MARKER", string.Join('\n', problems), StringComparison.Ordinal);
        Assert.All(problems, x => Assert.DoesNotContain('\n', x));
    }

    [Fact]
    public async Task Nor_does_the_error_of_a_call()
    {
        await using var services = TestProvider.Build();
        var calls = new List<DuctapeException>
        {
            await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Url, 1)),
            await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1, env: Url)),
            await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Pem, 1)),
        };

        Assert.All(calls, x => Assert.DoesNotContain("MARKER", x.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("orders", "'orders'")]
    [InlineData("https://login.example.com/x", "'https://login.example.com/x'")]
    [InlineData("amqp://user:it's a word@host/x", "'amqp://…@host/x'")]
    [InlineData("Endpoint=sb://n/;SharedAccessKeyName=all;SharedAccessKey=abc=;EntityPath=x",
        "'Endpoint=sb://n/;SharedAccessKeyName=all;SharedAccessKey=…;EntityPath=x'")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nabc", "'-----BEGIN PRIVATE KEY-----…'")]
    [InlineData("one\ntwo", "'one…'")]
    public void A_transport_of_ones_own_quotes_values_without_secrets(string value, string quoted)
    {
        Assert.Equal(quoted, ConfigurationProblem.Quoted(value));
        Assert.Equal(quoted, new ConfigurationProblem("Name", quoted).Problem);
    }

    [Fact]
    public void A_long_value_is_shortened() =>
        Assert.Equal($"'{new string('a', 60)}…' (1,200 characters)", ConfigurationProblem.Quoted(new string('a', 1200)));

    [Fact]
    public void A_problem_hides_what_a_transport_wrote_into_it() =>
        Assert.Equal("a@b: amqp://…@h is wrong; not amqp://…@h.", new ConfigurationProblem("a@b", "amqp://u:p@h is wrong", "not amqp://u:p@h").ToString());
}
