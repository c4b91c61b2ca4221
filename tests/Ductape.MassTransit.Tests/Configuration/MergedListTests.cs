using Ductape.MassTransit.Tests.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

/// <summary>Lists that a later source gives shorter: .NET merges them by index, and the start says so.</summary>
public sealed class MergedListTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ductape-lists-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData($"{Topic}:Subscribers", """[ "my_product", "billing", "audit" ]""", """[ "audit" ]""", "gives 1 of 3 elements", 1, 2)]
    [InlineData($"{Topic}:Redelivery", """[ "00:01:00", "01:00:00" ]""", """[ "00:00:05" ]""", "gives 1 of 2 elements", 1)]
    [InlineData($"{Topic}:Subscribers", """[ "my_product", "billing" ]""", "[]", "gives 0 of 2 elements", 0, 1)]
    [InlineData($"{Stg}:Config:Hosts", """[ "a", "b", "c" ]""", """[ "a", "b" ]""", "gives 2 of 3 elements", 2)]
    public async Task A_shorter_list_of_a_later_file_is_told_at_the_start_with_both_sources(
        string path, string earlier, string later, string gives, params int[] kept)
    {
        var lines = await StartAsync(File("appsettings.json", With((Stg, """{ "Type": "RABBITMQ" }"""), (path, earlier))),
            File("appsettings.Staging.json", With((path, later))));

        Assert.StartsWith(
            $"Warning: Ductape:{path}: JsonConfigurationProvider for 'appsettings.Staging.json' (Required) {gives}, and "
                + $"{string.Join(", ", kept.Select(x => $"Ductape:{path}:{x}"))} from JsonConfigurationProvider for 'appsettings.json' (Required) "
                + $"{(kept.Length == 1 ? "stays" : "stay")}: .NET merges the lists of its sources by index.",
            Assert.Single(lines));
    }

    [Theory]
    [InlineData("""[ "a", "b" ]""", """[ "c", "d" ]""")]
    [InlineData("""[ "a" ]""", """[ "a", "b" ]""")]
    [InlineData("""[ "a", "b" ]""", null)]
    public async Task A_list_that_is_as_long_or_given_once_is_not_told_of(string earlier, string? later) =>
        Assert.Empty(await StartAsync(File("one.json", With(($"{Topic}:Subscribers", earlier))),
            File("two.json", later is null ? "{}" : With(($"{Topic}:Subscribers", later)))));

    [Fact]
    public async Task One_element_that_the_environment_replaces_is_not_told_of()
    {
        var prefix = $"LISTS_{Guid.NewGuid():N}_";
        Environment.SetEnvironmentVariable($"{prefix}DUCTAPE__PRODUCTS__MY_PRODUCT__BROKERS__SQSBROKER__TOPICS__NEW-ORDERS__SUBSCRIBERS__1", "audit");

        Assert.Empty(await StartAsync(File("one.json", With(($"{Topic}:Subscribers", """[ "a", "b", "c" ]"""))), x => x.AddEnvironmentVariables(prefix)));
    }

    [Fact]
    public async Task Shared_brokers_and_configurations_within_another_are_looked_at_too()
    {
        const string shared = """{ "Ductape": { "Product": "shop", "Env": "dev", "Brokers": { "orders": { "Envs": { "dev": { "Type": "IN_MEMORY" } }, "Topics": { "created": { "Subscribers": [ "a", "b" ] } } } } } }""";
        var inner = new ConfigurationBuilder().AddConfiguration(TestServices.Configuration(shared)).Build();

        var line = Assert.Single(await StartAsync(x => x.AddConfiguration(inner),
            x => x.AddInMemoryCollection([KeyValuePair.Create("DUCTAPE:BROKERS:ORDERS:TOPICS:CREATED:SUBSCRIBERS:0", (string?)"c")])));

        Assert.StartsWith("Warning: Ductape:Brokers:orders:Topics:created:Subscribers: MemoryConfigurationProvider gives 1 of 2 elements, and "
            + "Ductape:Brokers:orders:Topics:created:Subscribers:1 from JsonStreamConfigurationProvider stays: ", line);
    }

    private Action<IConfigurationBuilder> File(string name, string json)
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, name), json);
        return x => x.AddJsonFile(Path.Combine(_folder, name));
    }

    private static async Task<string[]> StartAsync(params Action<IConfigurationBuilder>[] sources)
    {
        var logs = new CapturedLogs();
        var application = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (var source in sources)
            source(application.Configuration);
        application.Logging.AddProvider(logs);
        application.Services.AddDuctapeMessageBroker().AddRabbitMq();
        using var host = application.Build();
        await host.StartAsync();
        await host.StopAsync();
        return [.. logs.Lines.Where(x => x.Contains("by index", StringComparison.Ordinal))];
    }
}
