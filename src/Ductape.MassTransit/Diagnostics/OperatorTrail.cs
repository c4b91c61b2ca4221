using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Diagnostics;

/// <summary>Tells the operator log what was done by hand. A log that fails changes nothing of what was done.</summary>
/// <param name="log">The log, found when it is first needed: it may use the broker itself.</param>
/// <param name="logger">Where a log that fails is reported.</param>
internal sealed partial class OperatorTrail(Func<IOperatorLog> log, ILogger<OperatorTrail> logger)
{
    public Task RunAsync(OperatorAction asked, Func<Task> act) => RunAsync(asked, async () =>
    {
        await act().ConfigureAwait(false);
        return asked.Details;
    }, x => x);

    /// <summary>Does something, and tells what came of it.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="act">Does it.</param>
    /// <param name="details">The details, when it is done.</param>
    public async Task<T> RunAsync<T>(OperatorAction asked, Func<Task<T>> act, Func<T, IReadOnlyDictionary<string, object?>> details)
    {
        T result;
        try
        {
            result = await act().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var error = exception is OperationCanceledException ? "The caller stopped waiting." : exception.Reason();
            await TellAsync(asked with { Error = error }).ConfigureAwait(false);
            throw;
        }

        await TellAsync(asked with { Details = details(result) }).ConfigureAwait(false);
        return result;
    }

    private async ValueTask TellAsync(OperatorAction action)
    {
        try
        {
            await log().RecordAsync(action).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            NotRecorded(logger, action.Action, action.Target, action.ProductTag, action.Env, action.Who ?? "code", exception);
        }
    }

    [LoggerMessage(73, LogLevel.Error,
        "The operator log failed, so the {Action} of {Target} of {Product} in {Env} that {Who} asked for is not recorded there. What came of it stands")]
    private static partial void NotRecorded(
        ILogger logger, OperatorActionKind action, string target, string product, string env, string who, Exception exception);
}
