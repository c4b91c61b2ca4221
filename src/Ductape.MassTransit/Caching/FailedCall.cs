namespace Ductape.MassTransit.Caching;

/// <summary>
/// Stays with a delivery whose callback has failed: before a retry of it a copy may have been handled.
/// </summary>
internal sealed class FailedCall
{
    /// <summary>Whether it was the callback's last attempt that failed.</summary>
    public bool IsLast { get; set; }
}
