namespace Ductape.MassTransit.RabbitMQ.Deliveries;

/// <summary>
/// The numbers of the deliveries that are answered, as ranges: between two of them is at least one delivery that is
/// still being handled. Not for several threads.
/// </summary>
internal sealed class RabbitMqAnsweredDeliveries
{
    private readonly List<(ulong From, ulong To)> _ranges = [(0, 0)];

    /// <summary>All deliveries up to this one are answered.</summary>
    public ulong Through => _ranges[0].To;

    public void Add(ulong number)
    {
        // Mostly the next one.
        var at = _ranges.Count - 1;
        while (_ranges[at].From > number)
            at--;
        if (number <= _ranges[at].To)
            return;

        var (joinsBefore, joinsAfter) = (_ranges[at].To + 1 == number, at + 1 < _ranges.Count && _ranges[at + 1].From == number + 1);
        if (joinsBefore && joinsAfter)
        {
            _ranges[at] = (_ranges[at].From, _ranges[at + 1].To);
            _ranges.RemoveAt(at + 1);
        }
        else if (joinsBefore)
        {
            _ranges[at] = (_ranges[at].From, number);
        }
        else if (joinsAfter)
        {
            _ranges[at + 1] = (number, _ranges[at + 1].To);
        }
        else
        {
            _ranges.Insert(at + 1, (number, number));
        }
    }
}
