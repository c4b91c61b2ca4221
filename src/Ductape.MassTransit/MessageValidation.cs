namespace Ductape.MassTransit;

/// <summary>Whether a publish checks its message.</summary>
public enum MessageValidation
{
    /// <summary>It does not.</summary>
    Off,

    /// <summary>What differs is logged as a warning, and the message is sent.</summary>
    Warn,

    /// <summary>A message that differs is <see cref="DuctapeErrorCodes.InvalidInput"/>, and nothing is sent.</summary>
    Enforce,
}
