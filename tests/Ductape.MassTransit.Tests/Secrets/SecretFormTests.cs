using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Secrets;

/// <summary>What begins like <c>$Secret{KEY}</c> and is none.</summary>
public sealed class SecretFormTests
{
    private const string Session = $"{Product}:Sessions:web";

    [Theory]
    [InlineData("$Secret{SESSION_SIGNING_KEY_OF_MY_PRODUCT", "$Secret{")]
    [InlineData("$Secret{}", "$Secret{")]
    [InlineData("$Secret{ }", "$Secret{")]
    [InlineData("$Secret{{KEY}}", "$Secret{")]
    [InlineData("$Secret{KEY $Secret{OTHER}", "$Secret{")]
    [InlineData("$secret{KEY}", "$secret{")]
    [InlineData("$SECRET{KEY}", "$SECRET{")]
    [InlineData("$Secrets{KEY}", "$Secrets{")]
    [InlineData("$Secret(KEY)", "$Secret(")]
    [InlineData("$Secret[KEY]", "$Secret[")]
    public void A_half_written_reference_is_a_problem_wherever_a_reference_may_stand(string value, string beginning)
    {
        var problem = $"'{beginning}' begins a reference to a secret, and what follows is none (not shown, since it may hold a password); write $Secret{{KEY}}, "
            + "with the key of the secret between the braces; a value that has these characters itself goes into a secret.";
        var text = $"\"{value}\"";

        Assert.Equal(
            [
                $"Ductape:{Stg}:Config:Address: {problem}", $"Ductape:{Stg}:Config:Hosts:0: {problem}", $"Ductape:{Stg}:Config:Tls:Passphrase: {problem}",
                $"Ductape:{Session}:SigningKey: {problem}", $"Ductape:{Session}:Issuer: {problem}",
            ],
            StartUp.Problems(
                With(
                    (Stg, $$"""{ "Type": "VAULT", "Config": { "Address": {{text}}, "Hosts": [{{text}}], "Tls": { "Passphrase": {{text}} } } }"""),
                    (Session, $$"""{ "SigningKey": {{text}}, "Issuer": {{text}} }""")),
                x => x.AddTransport<VaultTransport>()));
    }

    [Theory]
    [InlineData("amqp://guest:$Secret{RABBIT_PASSWORD@host/")]
    [InlineData("amqp://guest:$Secret%7BRABBIT_PASSWORD%7D@host/")]
    public void A_half_written_reference_in_a_URL_is_one_problem_and_the_URL_is_not_shown(string url)
    {
        var problem = Assert.Single(StartUp.Problems(With((Dev, $$"""{ "Type": "RABBITMQ", "Config": { "Url": "{{url}}" } }""")), x => x.AddRabbitMq()));

        Assert.StartsWith($"Ductape:{Dev}:Config:Url: '$Secret", problem);
        Assert.DoesNotContain("RABBIT", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$Secret")]
    [InlineData("pa$Secret-word-of-thirty-two-bytes")]
    [InlineData("$secret {of thirty-two bytes and more}")]
    [InlineData("Secret{of thirty-two bytes and more}")]
    [InlineData("$Session{of thirty-two bytes and more}")]
    [InlineData("<$Secret{ONE}, $Secret{TWO}>")]
    [InlineData("$$Secret{ONE}{}")]
    public void A_password_with_a_dollar_sign_or_the_word_is_taken(string value) =>
        Assert.Empty(StartUp.Problems(
            With(
                (Dev, $$"""{ "Type": "VAULT", "Config": { "Password": "{{value}}" } }"""),
                (Session, $$"""{ "SigningKey": "a key of thirty-two bytes and more", "Issuer": "{{value}}" }""")),
            x => x.AddTransport<VaultTransport>()));

    [Theory]
    [InlineData("$Secret{OTHER}")]
    [InlineData("amqp://guest:$Secret{OTHER")]
    public async Task A_secret_that_is_a_reference_itself_stops_the_start(string value)
    {
        using var host = TestHost.Build(With(
            (Session, """{ "SigningKey": "$Secret{KEY}" }"""), ("Secrets", $$"""{ "KEY": "{{value}}", "OTHER": "a key of thirty-two bytes and more" }""")));

        Assert.Equal(
            [$"Ductape:{Session}:SigningKey: SECRET_NOT_FOUND: it refers to the secret 'KEY', which refers to another one itself, and that is not followed; refer "
                + "to the other one here."],
            (await Assert.ThrowsAsync<InvalidConfigurationException>(() => host.StartAsync())).Failures);
    }

    [Fact]
    public async Task A_secret_may_have_the_characters_of_a_half_written_reference()
    {
        using var host = TestHost.Build(With(
            (Session, """{ "SigningKey": "$Secret{KEY}" }"""), ("Secrets", """{ "KEY": "$secret(of thirty-two bytes and more" }""")));

        await host.StartAsync();
        await host.StopAsync();
    }
}
