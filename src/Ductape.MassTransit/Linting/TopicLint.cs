using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Linting;

/// <summary>Every topic in every environment: names, payload limits, and what its transport has to say.</summary>
internal static class TopicLint
{
    public static IEnumerable<LintFinding> Check(CatalogConfig catalog) =>
        TopicPlans.Of(catalog).SelectMany(x =>
            Names(x.Plan, x.Topic, x.Env).Concat(Sample(x.Plan, x.Topic, x.Env)).Concat(Schema(x.Plan, x.Topic))
                .Concat(Ignored(x.Plan, x.Env.Transport!)).Concat((x.Env.Transport as ILintingTransport)?.Lint(x.Plan) ?? []));

    private static IEnumerable<LintFinding> Ignored(TopicPlan plan, IBrokerTransport transport)
    {
        if (transport is IDeclaringTransport)
            yield break;
        if (plan.Declare is not null)
            yield return new LintFinding(LintSeverity.Info, $"{plan.Path}:Declare", $"it has no effect in {plan.Env}, on {transport.Type}.", "");
        if (plan.Arguments.Count > 0)
            yield return new LintFinding(LintSeverity.Info, $"{plan.Path}:Arguments", $"they have no effect in {plan.Env}, on {transport.Type}.", "");
    }

    private static IEnumerable<LintFinding> Names(TopicPlan plan, TopicConfig topic, BrokerEnvConfig env)
    {
        if (plan.IsExistingQueue)
            yield break;

        var rules = env.Transport!.NamingOf(env.Settings!);
        var options = topic.EnvOf(env.Env);
        var tags = $"{plan.Event.Replace(':', '-')}-{env.Env}";
        foreach (var (key, given, plain, name) in new[]
        {
            ("Entity", options.Entity, tags, plan.Entity),
            ("Queue", options.Queue, $"{plan.ProductTag}-{tags}", plan.Queue),
        })
        {
            if (given is null && name != rules.Prefix + plain + rules.Suffix)
            {
                yield return new LintFinding(LintSeverity.Info, plan.Path,
                    $"in {env.Env} the name '{plain}' is not one that {env.Transport.Type} takes, and becomes '{name}'.",
                    $"Set Envs:{env.Env}:{key} for a name of your own.");
            }
        }
    }

    private static IEnumerable<LintFinding> Sample(TopicPlan plan, TopicConfig topic, BrokerEnvConfig env)
    {
        if (topic.Sample is not { } sample || (env.MaxMessageSize ?? env.Transport!.MaxMessageSizeOf(env.Settings!)) is not { } limit)
            yield break;

        var size = PayloadJson.ToUtf8(sample, null, PayloadJson.DefaultOptions).Length;
        if (size > limit)
        {
            yield return new LintFinding(LintSeverity.Error, $"{plan.Path}:Sample",
                $"{DuctapeErrorCodes.MessageTooLarge}: the sample has {size} bytes, and in {env.Env} {env.Transport!.Type} takes at most {limit}.",
                "Publish less, a reference for example, or raise MaxMessageSize where the broker itself allows more.");
        }
    }

    private static IEnumerable<LintFinding> Schema(TopicPlan plan, TopicConfig topic) => (topic.Check?.Schema.Warnings ?? []).Select(x =>
        new LintFinding(LintSeverity.Warning, $"{plan.Path}:Schema",
            $"{x.Problem} With Validate: {(topic.Check!.WarnOnly ? "warn such a message is sent unchecked" : "enforce such a message is refused")}.", x.Remedy));
}
