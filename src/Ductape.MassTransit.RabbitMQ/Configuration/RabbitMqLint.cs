namespace Ductape.MassTransit.RabbitMQ.Configuration;

/// <summary>What of a topic an operator has to know who makes its queues, and what its arguments do.</summary>
internal static class RabbitMqLint
{
    public static IEnumerable<LintFinding> Check(TopicPlan topic, RabbitMqSettings settings)
    {
        if ((topic.Declare ?? settings.Declare) == DeclareMode.Passive)
        {
            var delays = topic.Redelivery.Distinct().Select(x => RabbitMqNaming.DelayQueue(topic.Queue, x));
            var queues = new[] { topic.Queue, RabbitMqNaming.ErrorQueue(topic.Queue) }.Concat(delays).Select(x => $"'{x}'");
            yield return new LintFinding(LintSeverity.Info, $"{topic.Path}:Declare",
                $"in {topic.Env} nothing is declared: the exchange '{topic.Entity}' and the queues {string.Join(", ", queues)} must exist, the first bound to the "
                + "exchange.", "");
            if (topic.Arguments.Count > 0)
            {
                yield return new LintFinding(LintSeverity.Warning, $"{topic.Path}:Arguments",
                    $"in {topic.Env} they have no effect, since the queues are used as they exist.", "Leave them out, or let the queues be made.");
            }

            yield break;
        }

        if (!topic.Arguments.Keys.Any(x => Is(x, "x-dead-letter-exchange")) && settings.QueueType == RabbitMqQueueType.Classic)
        {
            foreach (var name in topic.Arguments.Keys.Where(x => Is(x, "x-message-ttl") || Is(x, "x-expires")
                || (x.StartsWith("x-max-length", StringComparison.OrdinalIgnoreCase) && !RejectsPublishes(topic))))
            {
                yield return new LintFinding(LintSeverity.Warning, $"{topic.Path}:Arguments:{name}",
                    $"in {topic.Env} the server drops messages that nobody has read, and nothing tells of it.",
                    "Name an x-dead-letter-exchange, or with a length limit \"x-overflow\": \"reject-publish\".");
            }
        }
    }

    private static bool RejectsPublishes(TopicPlan topic) =>
        topic.Arguments.Any(x => Is(x.Key, "x-overflow") && x.Value.StartsWith("reject-publish", StringComparison.Ordinal));

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
