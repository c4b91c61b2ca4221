using System.Diagnostics;
using System.Reflection;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>The example as a user runs it.</summary>
public sealed class OrderingExampleTests(RabbitMqFixture fixture)
{
    private static readonly string Program = typeof(OrderingExampleTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(x => x.Key == "OrderingExample").Value!;

    [Fact]
    public async Task In_dev_it_publishes_and_receives_in_memory()
    {
        var (exit, output, _) = await RunAsync(null);

        Assert.Equal(0, exit);
        Assert.Contains("\"broker_type\": \"IN_MEMORY\"", output);
        Assert.Contains("received", output);
        Assert.Contains("\"email\": \"john@example.com\"", output);
    }

    [Fact]
    public async Task With_cache_it_shows_what_is_sent_once()
    {
        var (exit, output, errors) = await RunAsync(null, "--cache");

        Assert.True(exit == 0, errors);
        Assert.Contains("the order: sent", output);
        Assert.Contains("its properties in another order: not sent again", output);
        Assert.Contains("cleared 2 values", output);
        Assert.Contains("the order after that: sent", output);
        Assert.Contains("the same payment: not sent again", output);
        Assert.Contains("another payment under the same key: INVALID_INPUT", output);
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("stg")]
    public async Task With_session_it_shows_who_acted_and_what_is_refused(string env)
    {
        var (exit, output, errors) = await RunAsync(fixture.Node.Url, "--session", "--env", env);

        Assert.True(exit == 0, errors);
        Assert.Contains("the session's token: sent", output);
        Assert.Contains("\"by\":\"user_1\",\"branch\":7}, verified: True, user: user_1", output);
        Assert.Contains("no session: SESSION_INVALID", output);
        Assert.Contains("a forged token: SESSION_INVALID", output);
        Assert.Contains("the renewed token: sent", output);
        Assert.Contains("was revoked", output);
    }

    [Fact]
    public async Task In_stg_it_publishes_and_receives_over_RabbitMQ()
    {
        var (exit, output, errors) = await RunAsync(fixture.Node.Url, "--env", "stg");

        Assert.True(exit == 0, errors);
        Assert.Contains("\"broker_type\": \"RABBITMQ\"", output);
        Assert.Contains("\"env\": \"stg\"", output);
        Assert.Contains("received", output);
    }

    [Fact]
    public async Task Without_a_broker_it_says_so_and_fails()
    {
        var port = RabbitMqNode.FreePort();

        var (exit, output, errors) = await RunAsync($"amqp://guest:guest@127.0.0.1:{port}/", "--env", "stg");

        Assert.Equal(1, exit);
        Assert.Contains("PUBLISH_FAILED", errors);
        Assert.Contains($"127.0.0.1:{port}", errors);
        Assert.DoesNotContain("published", output);
    }

    [Fact]
    public async Task It_publishes_every_input_of_a_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """
            [
              { "env": "dev", "event": "sqsbroker:new-orders", "product_tag": "my_product", "input": { "message": { "orderId": "1" } } },
              { "event": "sqsbroker:new-orders", "input": { "message": { "orderId": "2" } } }
            ]
            """);

        var (exit, output, errors) = await RunAsync(null, "--file", file);

        File.Delete(file);
        Assert.True(exit == 0, errors);
        Assert.Contains("\"orderId\": \"1\"", output);
        Assert.Contains("\"orderId\": \"2\"", output);
    }

    [Theory]
    [InlineData("an event that is not there", """{ "event": "sqsbroker:new-order", "input": { "message": 1 } }""", "Did you mean 'new-orders'?")]
    [InlineData("no JSON", "{ oops", "invalid")]
    public async Task It_says_what_is_wrong_with_a_file_and_fails(string _, string json, string expected)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, json);

        var (exit, _, errors) = await RunAsync(null, "--file", file);

        File.Delete(file);
        Assert.Equal(1, exit);
        Assert.Contains(expected, errors);
    }

    [Fact]
    public async Task What_an_environment_lacks_stops_the_start()
    {
        var (exit, _, errors) = await RunAsync(null, "--env", "prd");

        Assert.Equal(1, exit);
        // Built with the packages of AWS, it lacks the keys.
        Assert.Matches("TRANSPORT_NOT_REGISTERED: .*CloudTransports=true|SECRET_NOT_FOUND: .*'AWS_KEY'", errors);
    }

    [Fact]
    public async Task Lint_prints_what_is_wrong_with_any_environment_and_says_so_with_its_exit_code()
    {
        var (exit, output, errors) = await RunAsync(null, "--lint");
        Assert.True(exit == 0, errors + output);
        Assert.Contains("0 error(s)", output);

        (exit, output, errors) = await RunWithAsync(
            new() { ["Ductape__Products__my_product__Brokers__sqsbroker__Envs__prd__Config__Region"] = "Virginia" }, "--lint");

        Assert.True(exit == 1, errors + output);
        Assert.Contains("prd:Config:Region: 'Virginia' is not a region of AWS. Write it as 'us-east-1'.", output);
    }

    private static Task<(int Exit, string Output, string Errors)> RunAsync(string? url, params string[] arguments) =>
        RunWithAsync(new() { ["RABBITMQ_URL"] = url ?? "" }, arguments);

    private static async Task<(int Exit, string Output, string Errors)> RunWithAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        return (process.ExitCode, await output, await errors);
    }
}
