using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Linting;

public class CatalogLintTests
{
    private const string Prd = $"{Broker}:Envs:prd";
    private const string Sqs = """{ "Type": "AWS_SQS", "Config": { "Region": "us-east-1" } }""";

    [Fact]
    public async Task A_configuration_that_works_everywhere_has_no_findings() => Assert.Empty(await LintAsync());

    [Fact]
    public async Task Wrong_settings_of_another_environment_are_errors_with_a_remedy() =>
        Assert.Contains(
            new LintFinding(LintSeverity.Error, $"Ductape:{Prd}:Config:Region", "'Virginia' is not a region of AWS.", "Write it as 'us-east-1'."),
            await LintAsync((Prd, """{ "Type": "AWS_SQS", "Config": { "Region": "Virginia" } }""")));

    [Theory]
    [InlineData("KAFKA", "BROKER_TYPE_NOT_SUPPORTED")]
    [InlineData("RABBITMQ", "TRANSPORT_NOT_REGISTERED")]
    public async Task A_transport_that_is_missing_in_another_environment_is_an_error(string type, string code)
    {
        var finding = Assert.Single(await LintAsync((Prd, $$"""{ "Type": "{{type}}" }""")));

        Assert.Equal((LintSeverity.Error, $"Ductape:{Prd}:Type"), (finding.Severity, finding.Path));
        Assert.StartsWith(code, finding.Message);
    }

    [Fact]
    public async Task A_missing_transport_does_not_hide_what_else_is_wrong()
    {
        var findings = await LintAsync((Stg, """{ "Type": "KAFKA" }"""), (Prd, Sqs), (Topic, """{ "Retry": { "Count": 100, "InitialDelay": "00:30:00", "MaxDelay": "01:00:00" } }"""));

        Assert.Contains(findings, x => x.Path == $"Ductape:{Stg}:Type");
        Assert.Contains(findings, x => x.Severity == LintSeverity.Error && x.Path == $"Ductape:{Topic}:Retry" && x.Message.Contains("Amazon SQS delivers the message again"));
    }

    [Fact]
    public async Task A_name_that_does_not_fit_is_shown_as_what_it_becomes()
    {
        var findings = await LintAsync((Prd, Sqs), ($"{Broker}:Topics:orders.created", "{}"));

        Assert.Matches("^in prd the name 'sqsbroker-orders.created-prd' is not one that AWS_SQS takes, and becomes 'sqsbroker-orders-created-prd-[0-9a-f]{8}'\\.$",
            findings.First(x => x.Path == $"Ductape:{Broker}:Topics:orders.created").Message);
        Assert.DoesNotContain(findings, x => x.Severity == LintSeverity.Error);
    }

    [Fact]
    public async Task A_sample_that_is_too_large_for_one_environment_is_an_error()
    {
        var findings = await LintAsync((Prd, Sqs), (Topic, $$"""{ "Sample": { "text": "{{new string('x', 300_000)}}" } }"""));

        var finding = Assert.Single(findings, x => x.Severity == LintSeverity.Error);
        Assert.Equal(($"Ductape:{Topic}:Sample", "MESSAGE_TOO_LARGE: the sample has 300011 bytes, and in prd AWS_SQS takes at most 258048."), (finding.Path, finding.Message));
    }

    [Fact]
    public async Task A_limit_that_the_broker_does_not_have_is_an_error() =>
        Assert.Equal($"Ductape:{Prd}:MaxMessageSize",
            Assert.Single(await LintAsync((Prd, """{ "Type": "AWS_SQS", "MaxMessageSize": 1000000, "Config": { "Region": "us-east-1" } }""")), x => x.Severity == LintSeverity.Error).Path);

    [Fact]
    public async Task A_queue_takes_a_larger_message_than_a_topic() =>
        Assert.DoesNotContain(
            await LintAsync((Prd, """{ "Type": "AWS_SQS", "MaxMessageSize": 1000000, "Config": { "QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/orders" } }""")),
            x => x.Severity == LintSeverity.Error);

    [Fact]
    public async Task The_Standard_tier_takes_less_than_the_Premium_tier()
    {
        string Env(string tier) => $$"""{ "Type": "AZURE_SERVICE_BUS", "MaxMessageSize": 1000000, "Config": { "Namespace": "orders", "Tier": "{{tier}}" } }""";

        Assert.Equal($"Ductape:{Prd}:MaxMessageSize", Assert.Single(await LintAsync((Prd, Env("standard"))), x => x.Severity == LintSeverity.Error).Path);
        Assert.DoesNotContain(await LintAsync((Prd, Env("premium"))), x => x.Severity == LintSeverity.Error);
    }

    [Theory]
    [InlineData("dev", LintSeverity.Warning)]
    [InlineData("prd", LintSeverity.Error)]
    public async Task A_secret_that_nothing_has_is_an_error_in_the_environment_in_use_and_a_warning_elsewhere(string env, LintSeverity severity)
    {
        var findings = await LintAsync(
            ("Env", $"\"{env}\""), (Prd, """{ "Type": "AWS_SQS", "Config": { "Region": "us-east-1", "AccessKeyId": "$Secret{NO_SUCH_KEY}", "SecretAccessKey": "x" } }"""));

        var finding = Assert.Single(findings, x => x.Path == $"Ductape:{Prd}:Config:AccessKeyId");
        Assert.Equal(severity, finding.Severity);
        Assert.Equal("SECRET_NOT_FOUND: it refers to the secret 'NO_SUCH_KEY', and nothing has it.", finding.Message);
        Assert.Equal("Set Ductape:Secrets:NO_SUCH_KEY or the environment variable NO_SUCH_KEY, or register an ISecretResolver that knows it.", finding.Remedy);
    }

    [Theory]
    [InlineData("false", 1)]
    [InlineData("true", 0)]
    public async Task An_ordered_topic_needs_FIFO_queues(string fifo, int errors) =>
        Assert.Equal(errors, (await LintAsync(
            (Prd, $$"""{ "Type": "AWS_SQS", "Config": { "Region": "us-east-1", "Fifo": {{fifo}} } }"""), ($"{Topic}:Ordered", "true"), ($"{Topic}:PartitionKey", "\"orderId\"")))
            .Count(x => x is { Severity: LintSeverity.Error, Path: $"Ductape:{Topic}:Ordered" }));

    [Theory]
    [InlineData("[ \"00:10:00\" ]", "false", null)]
    [InlineData("[ \"00:10:00\", \"00:16:00\" ]", "false", LintSeverity.Info)]
    [InlineData("[ \"00:10:00\" ]", "true", LintSeverity.Error)]
    public async Task A_redelivery_that_the_broker_cannot_wait_for_is_an_error_and_a_long_one_is_told(string delays, string fifo, LintSeverity? severity) =>
        Assert.Equal(severity, (await LintAsync(
            (Prd, $$"""{ "Type": "AWS_SQS", "Config": { "Region": "us-east-1", "Fifo": {{fifo}} } }"""), ($"{Topic}:Redelivery", delays)))
            .SingleOrDefault(x => x.Path == $"Ductape:{Topic}:Redelivery")?.Severity);

    [Theory]
    [InlineData("AWS_SQS", "\"Region\": \"us-east-1\"", false)]
    [InlineData("AWS_SQS", "\"Region\": \"us-east-1\", \"Provision\": \"none\"", false)]
    [InlineData("AZURE_SERVICE_BUS", "\"Namespace\": \"orders\"", false)]
    [InlineData("AZURE_SERVICE_BUS", "\"Namespace\": \"orders\", \"Provision\": \"none\"", true)]
    public async Task A_topic_that_may_not_drop_messages_warns_where_nobody_can_ask_for_its_subscriptions(string type, string config, bool warns) =>
        Assert.Equal(warns, (await LintAsync((Prd, $$"""{ "Type": "{{type}}", "Config": { {{config}} } }"""), ($"{Topic}:OnUnroutable", "\"fail\"")))
            .Any(x => x is { Severity: LintSeverity.Warning, Path: $"Ductape:{Topic}:OnUnroutable" }));

    [Theory]
    [InlineData("false", true)]
    [InlineData("true", false)]
    public async Task An_ordered_topic_wants_sessions_on_Service_Bus(string sessions, bool warns) =>
        Assert.Equal(warns, (await LintAsync(
            (Prd, $$"""{ "Type": "AZURE_SERVICE_BUS", "Config": { "Namespace": "orders", "Sessions": {{sessions}} } }"""),
            ($"{Topic}:Ordered", "true"), ($"{Topic}:PartitionKey", "\"orderId\"")))
            .Any(x => x is { Severity: LintSeverity.Warning, Path: $"Ductape:{Topic}:Ordered" }));

    [Theory]
    [InlineData("00:00:05", "drops copies for 00:00:20")]
    [InlineData("30.00:00:00", "drops copies for 7.00:00:00")]
    [InlineData("00:10:00", null)]
    public async Task A_window_that_Service_Bus_does_not_have_is_told(string window, string? text)
    {
        var findings = await LintAsync((Prd, """{ "Type": "AZURE_SERVICE_BUS", "Config": { "Namespace": "orders" } }"""), ($"{Topic}:Deduplicate", $"\"{window}\""));

        Assert.Equal(text is not null, findings.Any(x => x.Path == $"Ductape:{Topic}:Deduplicate" && x.Message.Contains(text!)));
    }

    [Fact]
    public async Task Waits_that_outlast_the_lock_are_an_error_on_Service_Bus() =>
        Assert.Contains(
            await LintAsync((Prd, """{ "Type": "AZURE_SERVICE_BUS", "Config": { "Namespace": "orders" } }"""),
                (Topic, """{ "Retry": { "Count": 10, "InitialDelay": "00:30:00", "MaxDelay": "01:00:00" } }""")),
            x => x.Severity == LintSeverity.Error && x.Path == $"Ductape:{Topic}:Retry" && x.Message.Contains("Azure Service Bus delivers the message again"));

    [Fact]
    public async Task Where_nothing_is_created_the_lint_names_what_must_exist()
    {
        var sqs = await LintAsync((Prd, """{ "Type": "AWS_SQS", "Config": { "Region": "us-east-1", "Provision": "none" } }"""));
        var azure = await LintAsync((Prd, """{ "Type": "AZURE_SERVICE_BUS", "Config": { "Namespace": "orders", "Provision": "none" } }"""));

        Assert.Contains("the queues 'my_product-sqsbroker-new-orders-prd', 'my_product-sqsbroker-new-orders-prd_error'", Assert.Single(sqs, x => x.Path == $"Ductape:{Topic}").Message);
        // The subscription's name has at most 50 characters.
        Assert.Contains("with the subscription 'my_product-sqsbroker-new-orders-prd'", Assert.Single(azure, x => x.Path == $"Ductape:{Topic}").Message);
    }

    [Fact]
    public async Task Names_that_meet_in_another_environment_are_an_error() =>
        Assert.Contains("also that of",
            Assert.Single(await LintAsync((Prd, """{ "Type": "AWS_SQS", "Config": { "QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/orders" } }"""), ($"{Broker}:Topics:refunds", "{}")),
                x => x.Severity == LintSeverity.Error).Message);

    [Fact]
    public async Task An_unknown_key_is_an_error_and_the_worst_come_first()
    {
        var findings = await LintAsync((Prd, Sqs), ($"{Topic}:Entitee", "\"x\""), ($"{Broker}:Topics:orders.created", "{}"));

        Assert.Equal($"Ductape:{Topic}:Entitee", findings[0].Path);
        Assert.Equal(findings.OrderByDescending(x => x.Severity), findings);
    }

    [Fact]
    public async Task A_session_key_that_nothing_has_is_an_error()
    {
        var findings = await LintAsync(($"{Product}:Sessions:web", """{ "SigningKey": "$Secret{LINT_HAS_NO_SUCH_KEY}" }"""));

        var finding = Assert.Single(findings);
        Assert.Equal((LintSeverity.Error, $"Ductape:{Product}:Sessions:web:SigningKey"), (finding.Severity, finding.Path));
        Assert.Contains("'LINT_HAS_NO_SUCH_KEY', and nothing has it", finding.Message);
    }

    [Fact]
    public async Task A_schema_file_is_looked_for_in_the_content_root()
    {
        var folder = Directory.CreateTempSubdirectory();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "order.json"), """{ "type": "object" }""");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.FullName });
        builder.Configuration.AddConfiguration(TestServices.Configuration(With(($"{Topic}:Schema", "\"order.json\""), ($"{Topic}:Validate", "\"enforce\""))));
        builder.Services.AddDuctapeMessageBroker().AddJsonSchema();
        using var host = builder.Build();

        var findings = await CatalogLint.RunAsync(host.Services, TestContext.Current.CancellationToken);

        Assert.DoesNotContain(findings, x => x.Path.StartsWith($"Ductape:{Topic}", StringComparison.Ordinal));
        folder.Delete(recursive: true);
    }

    private static Task<IReadOnlyList<LintFinding>> LintAsync(params (string Path, string Json)[] changes) =>
        CatalogLint.RunAsync(TestServices.Configuration(With(changes)), x => x.AddAmazonSqs().AddAzureServiceBus(), TestContext.Current.CancellationToken);
}
