namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// Tells the kill switch of a queue's subscription how each message went. Stands before the retries, so it sees the
/// last of them.
/// </summary>
internal sealed class KillSwitchFilter(DeliveryGate gate) : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(context).ConfigureAwait(false);
        }
        // Given back to the queue: neither.
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception exception)
        {
            gate.Owner?.KillSwitch?.Handled(exception);
            throw;
        }

        gate.Owner?.KillSwitch?.Handled(null);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("ductapeKillSwitch");
}
