using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

/// <summary>One problem a line, whatever is in what it shows.</summary>
public class OneLineTests
{
    [Theory]
    [InlineData("Env", "\"dev\\n\"", "Ductape:Env: no broker has the environment 'dev\\n'.")]
    [InlineData("PublishTimeout", "\"1\\r\"", "Ductape:PublishTimeout: '1\\r' is not a time span")]
    [InlineData(Topic + ":Prefetch", "\"\\u0000\\u202E1\"", $"Ductape:{Topic}:Prefetch: '\\u0000\\u202E1' is not a whole number.")]
    [InlineData(Topic + ":Re\ttry", "1", $"Ductape:{Topic}:Re\\ttry: it is not a known key.")]
    [InlineData(Topic + ":Re\u2028try", "1", $"Ductape:{Topic}:Re\\u2028try: it is not a known key.")]
    [InlineData(Broker + ":Topics:a\nb", "{}", $"Ductape:{Broker}:Topics:a\\nb: the topic tag 'a…' has the character 'U+000A'")]
    public void What_cannot_be_seen_is_escaped(string path, string json, string shown)
    {
        var exception = Fail(With((path, json)));

        Assert.StartsWith(shown, Assert.Single(exception.Message.Split('\n')));
        Assert.Equal(exception.Message, Assert.Single(exception.Problems).ToString());
    }

    [Fact]
    public void The_name_of_a_file_too()
    {
        var exception = Fail(TestServices.OrdersJson, x => x.AddDuctapeEventsFile("no\nsuch\u0085file.json"));

        Assert.StartsWith("no\\nsuch\\u0085file.json: it cannot be read: ", Assert.Single(exception.Message.Split('\n')));
    }

    [Fact]
    public async Task What_lint_finds_too()
    {
        var configuration = TestServices.Configuration(With(($"{Topic}:Prefetch", "\"many\\n\""), ($"{Broker}:Topics:x:Re\ntry", "1")));

        var findings = await CatalogLint.RunAsync(configuration, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(findings.Count >= 2);
        Assert.All(findings, x => Assert.DoesNotContain('\n', x.ToString()));
    }

    private static InvalidConfigurationException Fail(string json, Action<IDuctapeMessageBrokerBuilder>? more = null)
    {
        var services = TestServices.With(json);
        var builder = services.AddDuctapeMessageBroker();
        more?.Invoke(builder);
        using var provider = services.BuildServiceProvider();
        return Assert.Throws<InvalidConfigurationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
    }
}
