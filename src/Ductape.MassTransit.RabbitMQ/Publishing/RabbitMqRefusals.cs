using Ductape.MassTransit.RabbitMQ.Confirming;

namespace Ductape.MassTransit.RabbitMQ.Publishing;

/// <summary>
/// Knows the exchanges whose messages the server refuses, and tells where nothing else comes any more. Thread-safe.
/// </summary>
/// <param name="began">Is told where, and in words.</param>
/// <param name="ended">Is told where something else came again.</param>
internal sealed class RabbitMqRefusals(Action<string, string> began, Action<string> ended)
{
    // One refusal is the business of whoever published.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    // When the first of the refusals came.
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private volatile bool _any;

    /// <summary>Messages were refused.</summary>
    public void Refused(List<RabbitMqPublish> publishes)
    {
        lock (_lock)
        {
            foreach (var publish in publishes)
                Refused(publish.Exchange);
        }
    }

    /// <summary>Messages were confirmed.</summary>
    public void Confirmed(List<RabbitMqPublish> publishes)
    {
        if (!_any)
            return;

        lock (_lock)
        {
            foreach (var publish in publishes)
            {
                if (_since.Remove(publish.Exchange))
                    ended(Key(publish.Exchange));
            }

            _any = _since.Count > 0;
        }
    }

    private void Refused(string exchange)
    {
        _any = true;
        if (_since.TryAdd(exchange, TimeProvider.System.GetTimestamp()) || TimeProvider.System.GetElapsedTime(_since[exchange]) < Limit)
            return;

        began(Key(exchange), $"the server refuses every message to {exchange}: a queue of it is full (its length limit with reject-publish) or not available");
    }

    private static string Key(string exchange) => $"refused {exchange}";
}
