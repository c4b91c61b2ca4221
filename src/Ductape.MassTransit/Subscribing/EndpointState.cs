namespace Ductape.MassTransit.Subscribing;

/// <summary>Where a receive endpoint is in its life: it is started and stopped again and again.</summary>
internal enum EndpointState
{
    /// <summary>It is about to start, for the first time or again.</summary>
    Starting,

    /// <summary>It was started, whether or not the broker is there.</summary>
    Running,

    /// <summary>It is about to stop on purpose, or has stopped.</summary>
    Stopped,

    /// <summary>It was told to stop, and the wait for its callbacks was given up: they may still run.</summary>
    StopGivenUp,

    /// <summary>It is about to start again, when the stop is complete that was given up.</summary>
    AwaitingStop,
}
