namespace Ductape.MassTransit.RabbitMQ.Confirming;

/// <summary>
/// What a channel has published and the server has not answered yet, by the server's numbers: it counts what it
/// receives, from one. Not for several threads.
/// </summary>
internal sealed class RabbitMqUnconfirmed
{
    private readonly Dictionary<ulong, RabbitMqPublish> _publishes = [];
    private ulong _next = 1;

    // All before it are answered.
    private ulong _oldest = 1;

    /// <summary>The number of the publish that has waited longest; 0 when none waits.</summary>
    public ulong Oldest
    {
        get
        {
            if (_publishes.Count == 0)
                return 0;

            while (!_publishes.ContainsKey(_oldest))
                _oldest++;
            return _oldest;
        }
    }

    /// <summary>Gives a publish its number.</summary>
    public void Add(RabbitMqPublish publish)
    {
        publish.SetNumber(_next++);
        _publishes.Add(publish.Number, publish);
    }

    /// <returns>False where it was answered.</returns>
    public bool Remove(RabbitMqPublish publish) => _publishes.Remove(publish.Number);

    public RabbitMqPublish[] TakeAll()
    {
        RabbitMqPublish[] all = [.. _publishes.Values];
        _publishes.Clear();
        return all;
    }

    /// <summary>Takes out what the server answers with a number, alone or with all before it.</summary>
    public void Take(ulong number, bool multiple, List<RabbitMqPublish> taken)
    {
        if (!multiple)
        {
            Take(number, taken);
            if (number == _oldest)
                _oldest++;
        }
        else if (number - _oldest <= (ulong)_publishes.Count)
        {
            while (_oldest <= number)
                Take(_oldest++, taken);
        }
        else
        {
            // Most of them were answered one by one, out of turn.
            foreach (var waiting in _publishes.Keys)
            {
                if (waiting <= number)
                    Take(waiting, taken);
            }

            _oldest = number + 1;
        }
    }

    private void Take(ulong number, List<RabbitMqPublish> taken)
    {
        if (_publishes.Remove(number, out var publish))
            taken.Add(publish);
    }
}
