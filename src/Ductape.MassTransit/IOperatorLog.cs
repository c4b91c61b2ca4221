namespace Ductape.MassTransit;

/// <summary>
/// Hears what was done by hand: every pause and resume of a subscription, every replay and discard of dead letters,
/// every revocation of sessions. Register your own as a singleton to keep it elsewhere; the default writes each to an
/// <c>ILogger</c>.
/// </summary>
/// <remarks>
/// Called from any thread, also concurrently. It is told after the action, whatever came of it. A call whose input is
/// refused, and a dry run, did nothing and are not told. It may use <see cref="IMessageBroker"/>.
/// </remarks>
public interface IOperatorLog
{
    /// <summary>Records an action. The call that did it waits for this, so keep it short.</summary>
    /// <param name="action">What was done.</param>
    /// <returns>A task that completes when the action is recorded. Where it fails, the failure goes to the
    /// application's log, and the action stands.</returns>
    ValueTask RecordAsync(OperatorAction action);
}
