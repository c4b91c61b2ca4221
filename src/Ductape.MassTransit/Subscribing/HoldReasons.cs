namespace Ductape.MassTransit.Subscribing;

/// <summary>Why nothing is delivered to a subscription, on purpose.</summary>
[Flags]
internal enum HoldReasons
{
    None = 0,

    /// <summary><see cref="ISubscription.PauseAsync"/>.</summary>
    Paused = 1,

    /// <summary>The topic's kill switch.</summary>
    Tripped = 2,
}
