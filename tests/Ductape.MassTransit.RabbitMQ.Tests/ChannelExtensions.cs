using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>A client that knows nothing of this library.</summary>
internal static class ChannelExtensions
{
    /// <summary>Declares a fanout exchange with a queue of the same name behind it.</summary>
    public static async Task DeclareQueueOfAsync(this IChannel channel, string entity, Dictionary<string, object?>? arguments = null)
    {
        await channel.ExchangeDeclareAsync(entity, ExchangeType.Fanout, durable: true);
        await channel.QueueDeclareAsync(entity, durable: true, exclusive: false, autoDelete: false, arguments);
        await channel.QueueBindAsync(entity, entity, "");
    }

    /// <summary>Takes everything out of a queue.</summary>
    /// <returns>The ids of the messages, sorted.</returns>
    public static async Task<IReadOnlyList<string>> TakeIdsAsync(this IChannel channel, string queue)
    {
        var ids = new List<string>();
        while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
            ids.Add(message.BasicProperties.MessageId!);
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>The ids of what was published, sorted.</summary>
    public static IEnumerable<string> Ids(this IEnumerable<PublishResult?> results) =>
        results.OfType<PublishResult>().Select(x => x.MessageId.ToString()).Order(StringComparer.Ordinal);
}
