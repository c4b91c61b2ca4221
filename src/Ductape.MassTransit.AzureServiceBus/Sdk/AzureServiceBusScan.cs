using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// How far a scan of dead letters has come: to those that were there when it began, or until it is told to stop.
/// </summary>
internal sealed class AzureServiceBusScan(Func<DeadLetterMessage, ValueTask<DeadLetterDecision>> decide, long there)
{
    private bool _stopped;

    public long Seen { get; private set; }

    public long Remaining => there - Seen;

    public bool GoesOn => !_stopped && Remaining > 0;

    public async ValueTask<DeadLetterDecision> DecideAsync(DeadLetterMessage message)
    {
        Seen++;
        var decision = await decide(message).ConfigureAwait(false);
        _stopped = decision.Action == DeadLetterAction.Stop;
        return decision;
    }
}
