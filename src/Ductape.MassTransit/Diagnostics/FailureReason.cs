namespace Ductape.MassTransit.Diagnostics;

/// <summary>Why something failed, in words for a message of our own.</summary>
internal static class FailureReason
{
    /// <summary>
    /// The exception's message; of what was closed under its user, without .NET's line about the name of the object.
    /// </summary>
    public static string Reason(this Exception exception) => exception is ObjectDisposedException { ObjectName.Length: > 0 } closed
        ? $"'{closed.ObjectName}', which it needs, was closed, as after a stop"
        : exception.Message;
}
