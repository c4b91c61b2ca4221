using MassTransit.Transports;

namespace Ductape.MassTransit.Subscribing;

/// <summary>One message on its way through <see cref="OrderedDeliveries"/>.</summary>
internal sealed class OrderedDelivery(BaseReceiveContext context, DeliveryTurnstile? turnstile, ulong number)
{
    private int _ended;

    public DeliveryTurnstile? Turnstile => turnstile;

    public ulong Number => number;

    public KeyTurn? Turn { get; set; }

    /// <summary>Whether it counts against the concurrency.</summary>
    public bool IsHandled { get; set; }

    public bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;

    /// <summary>
    /// Makes it return to the queue when the channel is closed, in its old place, rather than at once.
    /// </summary>
    public void GiveBack()
    {
        try
        {
            context.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }
}
