using Ductape.MassTransit.Diagnostics;

namespace Ductape.MassTransit.Subscribing;

/// <summary>Tells what a subscription does at the moment.</summary>
internal static class SubscriptionDescriptions
{
    public static SubscriptionDescription Describe(this Subscription subscription)
    {
        var (state, reason) = StateOf(subscription);
        return new SubscriptionDescription
        {
            Id = subscription.Id,
            Event = subscription.Event,
            Env = subscription.Env,
            ProductTag = subscription.ProductTag,
            Queue = subscription.Queue,
            Connection = subscription.Connection,
            State = state,
            Reason = reason,
            StartedAt = subscription.StartedAt,
            InFlight = subscription.Counts.InFlight,
            Handled = subscription.Counts.Handled,
            Failed = subscription.Counts.Failed,
        };
    }

    private static (SubscriptionState State, string? Reason) StateOf(Subscription subscription)
    {
        if (subscription.IsPaused)
            return (SubscriptionState.Paused, null);
        if (subscription.KillSwitch?.Trip is { } trip)
        {
            return (SubscriptionState.Tripped,
                $"the kill switch tripped: {trip.Failures} of {trip.Messages} failed; tries again at {trip.RestartAt:O}");
        }

        var started = subscription.LastStep;
        if (started.Exception is { } refused)
            return (SubscriptionState.Refused, refused.InnerException!.Reason());
        if (!started.IsCompletedSuccessfully)
            return (SubscriptionState.Starting, null);

        var slot = subscription.Slot;
        return slot switch
        {
            { IsReceiving: true } => (SubscriptionState.Receiving, null),
            { Refusal: { } refusal } => (SubscriptionState.Refused, slot.Connection.Mask.Hide(refusal).GetBaseException().Reason()),
            _ => (SubscriptionState.Starting, null),
        };
    }
}
