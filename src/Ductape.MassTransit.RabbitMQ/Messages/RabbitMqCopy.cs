using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Messages;

/// <summary>The properties of a message that is sent once more.</summary>
internal static class RabbitMqCopy
{
    /// <summary>
    /// The same properties, on disk whatever they were before, with other headers; a null takes one out.
    /// </summary>
    public static BasicProperties PropertiesOf(IReadOnlyBasicProperties original, IEnumerable<KeyValuePair<string, object?>> headers)
    {
        var all = original.Headers is null ? [] : original.Headers.Where(x => !IsOfServer(x.Key)).ToDictionary(x => x.Key, x => x.Value);
        foreach (var (name, value) in headers)
        {
            if (value is null)
                all.Remove(name);
            else
                all[name] = value;
        }

        var copy = new BasicProperties(original) { Headers = all, Persistent = true };
        // A message's own lifetime must not end it where it waits.
        copy.ClearExpiration();
        // The server refuses a message in the name of another user than the connection's, and closes the channel.
        copy.ClearUserId();
        return copy;
    }

    // Its notes on how it moved the message so far, by which it would also drop one that seems to go round in circles.
    private static bool IsOfServer(string header) =>
        header is "x-death" or "x-delivery-count" or "x-acquired-count"
        || header.StartsWith("x-first-death-", StringComparison.Ordinal) || header.StartsWith("x-last-death-", StringComparison.Ordinal);
}
