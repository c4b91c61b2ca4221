using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Secrets;

/// <summary>
/// Hides secrets in message, values, scopes and exception of what is logged; leaves alone what has none.
/// </summary>
internal sealed class MaskedLogger(ILogger logger, SecretMask mask) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull =>
        Hide(state, state.ToString() ?? "") is { } shown ? logger.BeginScope(shown) : logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;

        var shownException = exception is null ? null : mask.Hide(exception);
        if (Hide(state, formatter(state, exception)) is { } shown)
            logger.Log(logLevel, eventId, shown, shownException, static (x, _) => x.ToString());
        else if (shownException != exception)
            logger.Log(logLevel, eventId, state, shownException, formatter);
        else
            logger.Log(logLevel, eventId, state, exception, formatter);
    }

    // Null where there is nothing to hide.
    private MaskedLogState? Hide(object? state, string text)
    {
        if (mask.IsEmpty)
            return null;

        var shown = mask.Hide(text);
        var changed = !ReferenceEquals(shown, text);
        var values = new List<KeyValuePair<string, object?>>();
        foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
        {
            var hidden = Hide(value);
            changed |= hidden != value;
            values.Add(KeyValuePair.Create(name, hidden));
        }

        return changed ? new MaskedLogState(values, shown) : null;
    }

    private object? Hide(object? value)
    {
        switch (value)
        {
            case null or bool or char or int or long or double or TimeSpan or DateTime or DateTimeOffset or Guid:
                return value;
            case Exception exception:
                return mask.Hide(exception);
            default:
                var text = (value as Uri)?.OriginalString ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
                var shown = mask.Hide(text);
                return ReferenceEquals(text, shown) ? value : shown;
        }
    }
}
