using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Diagnostics;

/// <summary>Writes what was done by hand to the application's log.</summary>
internal sealed partial class OperatorLogger(ILogger<IOperatorLog> logger) : IOperatorLog
{
    public ValueTask RecordAsync(OperatorAction action)
    {
        var details = string.Join(", ", action.Details.Select(x => $"{x.Key} {x.Value}"));
        if (action.Error is null)
            Done(logger, action.Action, action.Target, action.ProductTag, action.Env, action.Who ?? "code", action.At, details);
        else
            Failed(logger, action.Action, action.Target, action.ProductTag, action.Env, action.Who ?? "code", action.At, details, action.Error);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(71, LogLevel.Information, "{Action} of {Target} of {Product} in {Env}, asked for by {Who} at {At}: {Details}")]
    private static partial void Done(
        ILogger logger, OperatorActionKind action, string target, string product, string env, string who, DateTimeOffset at, string details);

    [LoggerMessage(72, LogLevel.Warning, "{Action} of {Target} of {Product} in {Env}, asked for by {Who} at {At}: {Details}. It did not end as it should: {Error}")]
    private static partial void Failed(ILogger logger, OperatorActionKind action, string target, string product, string env, string who, DateTimeOffset at,
        string details, string error);
}
