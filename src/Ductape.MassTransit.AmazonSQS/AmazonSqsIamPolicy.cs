using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>The least permissions that configured topics and subscriptions need on AWS.</summary>
public static class AmazonSqsIamPolicy
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Receive = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"];
    private static readonly string[] Send = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"];
    private static readonly string[] CreateQueue = ["sqs:CreateQueue", "sqs:SetQueueAttributes", "sqs:TagQueue"];
    private static readonly string[] CreateTopic =
        ["sns:CreateTopic", "sns:GetSubscriptionAttributes", "sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic", "sns:SetSubscriptionAttributes", "sns:Subscribe", "sns:TagResource"];

    /// <summary>
    /// An IAM policy as JSON, for a service that publishes to and receives from every topic of type
    /// <see cref="BrokerTypes.AwsSqs"/> in an environment. Where nobody is to create anything
    /// (<see cref="Provision.None"/>) it holds no permission to. The account is a wildcard unless a queue's URL names
    /// it. Ephemeral and named subscriptions have queues of other names, which the wildcard at the end of a queue's
    /// name covers.
    /// </summary>
    /// <param name="topics">The topics, from <see cref="TopicPlans.Of"/>.</param>
    /// <param name="env">The environment.</param>
    /// <param name="product">The product whose service it is. Default: all.</param>
    /// <param name="deadLetters">Whether it also looks at, replays and discards dead letters. Default: no.</param>
    /// <exception cref="ArgumentException">The environment has no such topic.</exception>
    public static string For(IEnumerable<TopicPlan> topics, string env, string? product = null, bool deadLetters = false)
    {
        ArgumentNullException.ThrowIfNull(topics);
        ArgumentException.ThrowIfNullOrWhiteSpace(env);
        var plans = topics.Where(x => x.BrokerType == BrokerTypes.AwsSqs && string.Equals(x.Env, env, StringComparison.OrdinalIgnoreCase)
                && (product is null || string.Equals(x.ProductTag, product, StringComparison.OrdinalIgnoreCase)))
            .Select(x => (Topic: x, Settings: (AmazonSqsSettings)x.Settings)).ToArray();
        if (plans.Length == 0)
            throw new ArgumentException($"No topic is of type {BrokerTypes.AwsSqs} in the environment '{env}'.", nameof(env));

        var statements = new JsonArray();
        var viaSns = plans.Where(x => !x.Topic.IsExistingQueue).ToArray();
        var creating = viaSns.Where(x => x.Settings.Provision == Provision.Create).ToArray();
        Add(statements, "Publish", ["sns:Publish"], viaSns.Select(TopicArn));
        Add(statements, "AskForSubscriptions", ["sns:ListSubscriptionsByTopic"], viaSns.Where(x => x.Topic.OnUnroutable == OnUnroutable.Fail).Select(TopicArn));
        Add(statements, "Send", Send, plans.Where(x => x.Topic.IsExistingQueue).Select(x => QueueArn(x, x.Topic.Queue)));
        Add(statements, "Receive", Receive, plans.Select(x => QueueArn(x, Own(x.Topic))));
        // A redelivery and a replay are copies that are sent straight to the queue.
        Add(statements, "SendBack", Send, plans.Where(x => deadLetters || x.Topic.Redelivery.Count > 0).Select(x => QueueArn(x, Own(x.Topic))));
        if (deadLetters)
            Add(statements, "DeadLetters", Receive, plans.Select(x => QueueArn(x, AmazonSqsNaming.ErrorQueue(Own(x.Topic)))));
        Add(statements, "MoveFailed", Send, plans.SelectMany(x => new[] { QueueArn(x, AmazonSqsNaming.ErrorQueue(Own(x.Topic))), QueueArn(x, AmazonSqsNaming.SkippedQueue(Own(x.Topic))) }));
        // MassTransit creates the queues for failed messages when the first one fails, also beside an existing queue.
        Add(statements, "CreateQueues", CreateQueue, creating.SelectMany(x => x.Topic.SubscriberQueues
            .Append(Own(x.Topic)).Append(AmazonSqsNaming.ErrorQueue(Own(x.Topic))).Append(AmazonSqsNaming.SkippedQueue(Own(x.Topic)))
            .Select(queue => QueueArn(x, queue)))
            .Concat(plans.Where(x => x.Topic.IsExistingQueue && x.Settings.Provision == Provision.Create)
                .SelectMany(x => new[] { QueueArn(x, AmazonSqsNaming.ErrorQueue(x.Topic.Queue)), QueueArn(x, AmazonSqsNaming.SkippedQueue(x.Topic.Queue)) })));
        Add(statements, "DescribeSubscribers", ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
            creating.SelectMany(x => x.Topic.SubscriberQueues.Select(queue => QueueArn(x, queue))));
        Add(statements, "CreateTopics", CreateTopic, creating.Select(TopicArn));
        // MassTransit reads the list of all topics before its first publish; AWS knows no narrower permission for that.
        Add(statements, "ListTopics", ["sns:ListTopics"], viaSns.Length == 0 ? [] : ["*"]);
        return new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = statements }.ToJsonString(Readable);
    }

    private static void Add(JsonArray statements, string id, string[] actions, IEnumerable<string> resources)
    {
        var ordered = resources.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (ordered.Length == 0)
            return;

        statements.Add(new JsonObject
        {
            ["Sid"] = id,
            ["Effect"] = "Allow",
            ["Action"] = new JsonArray([.. actions.Select(x => JsonValue.Create(x))]),
            ["Resource"] = new JsonArray([.. ordered.Select(x => JsonValue.Create(x))]),
        });
    }

    // The product's own queue and those of its named and ephemeral subscriptions.
    private static string Own(TopicPlan topic) => topic.IsExistingQueue ? topic.Queue
        : topic.Queue.EndsWith(AmazonSqsNaming.FifoSuffix, StringComparison.Ordinal) ? topic.Queue[..^AmazonSqsNaming.FifoSuffix.Length] + "*" + AmazonSqsNaming.FifoSuffix
        : topic.Queue + "*";

    private static string TopicArn((TopicPlan Topic, AmazonSqsSettings Settings) plan)
    {
        var address = AmazonSqsAddress.Of(plan.Settings);
        return $"arn:{address.Partition}:sns:{Region(plan.Settings, address)}:*:{plan.Topic.Entity}";
    }

    private static string QueueArn((TopicPlan Topic, AmazonSqsSettings Settings) plan, string queue)
    {
        var address = AmazonSqsAddress.Of(plan.Settings);
        return $"arn:{address.Partition}:sqs:{Region(plan.Settings, address)}:{address.Queue?.Account ?? "*"}:{queue}";
    }

    private static string Region(AmazonSqsSettings settings, AmazonSqsAddress address) =>
        TransportSettings.RefersToSecret(settings.Region) ? "*" : address.Region;
}
