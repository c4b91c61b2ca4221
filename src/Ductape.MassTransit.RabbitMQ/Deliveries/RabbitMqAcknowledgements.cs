using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Deliveries;

/// <summary>
/// The acknowledgements of one channel. While other deliveries are waiting or being handled they wait for each other,
/// for a few milliseconds at most, and go as one where nothing before them is unanswered: one frame to the server, and
/// one step of its queue. Thread-safe.
/// </summary>
internal sealed class RabbitMqAcknowledgements : IDisposable
{
    // A callback that takes its time must not keep those of the others for long.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(5);

    private readonly IChannel _channel;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly RabbitMqAnsweredDeliveries _answered = new();
    private readonly ITimer _timer;
    private List<ulong> _waiting = [];
    private List<ulong> _taken = [];
    private HashSet<ulong>? _held;
    private int _inHand;
    private int _most = 1;
    private bool _isTimed;

    public RabbitMqAcknowledgements(IChannel channel)
    {
        _channel = channel;
        _timer = TimeProvider.System.CreateTimer(
            static x => _ = ((RabbitMqAcknowledgements)x!).FlushAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many messages the server pushes ahead. It must not run dry for want of acknowledgements.</summary>
    public void Prefetch(ushort count)
    {
        lock (_lock)
            _most = Math.Clamp(count / 8, 1, 32);
    }

    /// <summary>A delivery has come.</summary>
    public void Begin()
    {
        lock (_lock)
            _inHand++;
    }

    /// <summary>Acknowledges a delivery, soon.</summary>
    public void Add(ulong deliveryTag)
    {
        lock (_lock)
        {
            if (_held is not null && _held.Remove(deliveryTag))
            {
                _inHand--;
                return;
            }

            _waiting.Add(deliveryTag);
            if (--_inHand > 0 && _waiting.Count < _most)
            {
                _isTimed = _isTimed || _timer.Change(LongestWait, Timeout.InfiniteTimeSpan);
                if (_isTimed)
                    return;
            }
        }

        _ = FlushAsync();
    }

    /// <summary>
    /// A delivery that is still being moved to another queue is handled as far as its callback is concerned: it is
    /// acknowledged when both <see cref="Add"/> and <see cref="Moved"/> have been called.
    /// </summary>
    public void Hold(ulong deliveryTag)
    {
        lock (_lock)
            (_held ??= []).Add(deliveryTag);
    }

    /// <summary>A delivery that was held is in the other queue.</summary>
    public void Moved(ulong deliveryTag)
    {
        lock (_lock)
        {
            if (_held!.Remove(deliveryTag))
                return;

            _waiting.Add(deliveryTag);
        }

        _ = FlushAsync();
    }

    /// <summary>
    /// A delivery that was held could not be moved; the client has another answer for it, and <see cref="Add"/>
    /// acknowledges nothing any more.
    /// </summary>
    public void Returned(ulong deliveryTag)
    {
        lock (_lock)
            _answered.Add(deliveryTag);
    }

    /// <summary>A delivery was answered in another way, and the client has that answer.</summary>
    public void Answered(ulong deliveryTag)
    {
        lock (_lock)
        {
            _answered.Add(deliveryTag);
            _inHand--;
        }
    }

    /// <summary>Completes when what was added before is with the client.</summary>
    public async Task FlushAsync()
    {
        await _sending.WaitAsync().ConfigureAwait(false);
        try
        {
            var through = Take();
            if (through != 0)
                await _channel.BasicAckAsync(through, multiple: true).ConfigureAwait(false);
            foreach (var deliveryTag in _taken)
                await _channel.BasicAckAsync(deliveryTag, multiple: false).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The channel is closed, or about to be with its connection: the server delivers them again.
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Leaves in <see cref="_taken"/> what has to be acknowledged one by one.</summary>
    /// <returns>The delivery up to which everything is answered, and which is not acknowledged yet; 0 for
    /// none.</returns>
    private ulong Take()
    {
        lock (_lock)
        {
            _isTimed = false;
            (_taken, _waiting) = (_waiting, _taken);
            _waiting.Clear();
            _taken.Sort();
            foreach (var deliveryTag in _taken)
                _answered.Add(deliveryTag);
            // The server does not take one that it has been answered already.
            var last = _taken.Count - 1;
            while (last >= 0 && _taken[last] > _answered.Through)
                last--;
            var through = last < 0 ? 0 : _taken[last];
            _taken.RemoveRange(0, last + 1);
            return through;
        }
    }
}
