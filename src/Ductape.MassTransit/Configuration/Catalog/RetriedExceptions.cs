using System.Collections.Immutable;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>
/// Which exceptions of a callback are worth another attempt: a topic's <c>Ignore</c> and <c>Handle</c>.
/// </summary>
internal sealed class RetriedExceptions(ImmutableArray<string> ignore, ImmutableArray<string> handle)
{
    public bool Contains(Exception exception)
    {
        // The next attempt would read the same bytes, and find the same session.
        if (exception is DuctapeException { Code: DuctapeErrorCodes.InvalidInput or DuctapeErrorCodes.SessionInvalid, IsTransient: false })
            return false;

        return !IsNamed(exception, ignore) && (handle.IsEmpty || IsNamed(exception, handle));
    }

    private static bool IsNamed(Exception exception, ImmutableArray<string> names)
    {
        if (names.IsEmpty)
            return false;
        // MassTransit puts it in place of a cancellation that the callback let through, such as an HttpClient's
        // timeout.
        if (exception is ConsumerCanceledException && IsNamed(typeof(TaskCanceledException), names))
            return true;

        return IsNamed(exception.GetType(), names);
    }

    private static bool IsNamed(Type type, ImmutableArray<string> names)
    {
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
        {
            if (names.Contains(t.Name) || names.Contains(FullName(t)))
                return true;
        }

        return false;
    }

    private static string FullName(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name;
}
