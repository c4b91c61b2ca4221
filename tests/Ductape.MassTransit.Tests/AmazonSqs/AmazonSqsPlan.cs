using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.AmazonSqs;

/// <summary>What becomes of the orders topic in an environment on Amazon SQS that nobody connects to.</summary>
internal static class AmazonSqsPlan
{
    public const string Prd = $"{Broker}:Envs:prd";

    public static (string Path, string Json) Env(string config) => (Prd, $$"""{ "Type": "AWS_SQS", "Config": {{config}} }""");

    public static IReadOnlyList<string> Problems(params (string, string)[] changes) => StartUp.Problems(With(changes), x => x.AddAmazonSqs());

    public static IReadOnlyList<TopicPlan> All(params (string, string)[] changes)
    {
        using var services = TestProvider.Build(With(changes), x => x.AddAmazonSqs());
        return TopicPlans.Of(services);
    }

    public static TopicPlan Of(params (string, string)[] changes) => Assert.Single(All(changes), x => x is { Env: "prd", ProductTag: "my_product" });
}
