namespace Ductape.MassTransit;

/// <summary>What a publish does while its broker is out of reach.</summary>
public enum WhenUnavailable
{
    /// <summary>It waits up to <see cref="DuctapeOptions.PublishTimeout"/> for the broker to come back.</summary>
    Wait,

    /// <summary>
    /// It fails at once with <see cref="DuctapeErrorCodes.PublishFailed"/>. Only the first attempt to connect is waited
    /// for.
    /// </summary>
    Fail,
}
