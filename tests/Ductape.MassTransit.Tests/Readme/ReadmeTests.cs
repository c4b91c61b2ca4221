using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Readme;

public sealed partial class ReadmeTests
{
    public static TheoryData<string> CSharpBlocks => new(Blocks("csharp"));

    [Theory]
    [MemberData(nameof(CSharpBlocks))]
    public void Every_CSharp_block_of_the_README_is_compiled(string block)
    {
        Assert.Contains(WithoutIndentation(block), WithoutIndentation(File.ReadAllText(Beside("ReadmeSnippets.cs"))));
    }

    [Fact]
    public void The_README_has_its_two_commands()
    {
        var commands = Blocks("sh");

        Assert.Equal(["dotnet run --project examples/Ordering", "tests/run.sh"], commands.Select(x => x.Trim()));
    }

    [Fact]
    public void The_configuration_in_the_README_is_valid()
    {
        var json = Blocks("json")[0];

        using var provider = TestServices.With(json).AddDuctapeMessageBroker().AddRabbitMq().Services.BuildServiceProvider();

        Assert.Equal("sqsbroker:new-orders", Assert.Single(provider.GetRequiredService<IBrokerCatalog>().ListTopics("sqsbroker")).Tag);
    }

    [Fact]
    public void Two_services_use_the_shared_brokers_of_the_README()
    {
        foreach (var product in new[] { "my_product", "billing" })
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Blocks("json")[1])))
                .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Ductape": { "Product": "{{product}}", "Env": "dev" } }"""))).Build();
            using var provider = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddDuctapeMessageBroker().AddRabbitMq().Services
                .BuildServiceProvider();

            Assert.Equal($"{product}-sqsbroker-new-orders-dev", provider.Catalog().FetchRoute("sqsbroker:new-orders").Queue);
        }
    }

    [Fact]
    public void The_tests_that_the_README_names_for_its_promises_exist()
    {
        var readme = File.ReadAllText(Beside("../../../README.md"));
        var shown = readme.Split("## What it promises")[1].Split("\n## ")[0].Split('\n').Where(x => x.StartsWith('|')).Select(x => x.Split('|')[2]);
        var named = shown.SelectMany(x => TestName().Matches(x)).Select(x => x.Groups[1].Value).ToHashSet();
        var sources = Directory.EnumerateFiles(Beside("../.."), "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();

        Assert.NotEmpty(named);
        Assert.All(named, x => Assert.Contains(x, sources));
    }

    private static string[] Blocks(string language) =>
        [.. Block().Matches(File.ReadAllText(Beside("../../../README.md"))).Where(x => x.Groups[1].Value == language).Select(x => x.Groups[2].Value)];

    private static string WithoutIndentation(string text) =>
        string.Join('\n', text.Split('\n').Select(x => x.Trim()).Where(x => x.Length > 0));

    private static string Beside(string file, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, file);

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("```(\\w+)\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
