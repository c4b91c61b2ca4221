namespace Ductape.MassTransit;

/// <summary>
/// Some messages of a <c>PublishManyAsync</c> were not published; the broker has the others. Its
/// <see cref="DuctapeException.Code"/> is that of the first failure.
/// </summary>
public sealed class PublishManyException : DuctapeException
{
    private const int Shown = 5;

    internal PublishManyException(IReadOnlyList<PublishResult?> results, IReadOnlyList<PublishFailure> failures)
        : base(failures[0].Error.Code, Describe(results.Count, failures), failures[0].Error)
    {
        Results = results;
        Failures = failures;
        Event = failures[0].Error.Event;
        Env = failures[0].Error.Env;
        ProductTag = failures[0].Error.ProductTag;
    }

    /// <summary>One for each message in order: the result, or null for a message that was not published.</summary>
    public IReadOnlyList<PublishResult?> Results { get; }

    /// <summary>The messages that were not published, in order.</summary>
    public IReadOnlyList<PublishFailure> Failures { get; }

    private static string Describe(int count, IReadOnlyList<PublishFailure> failures) =>
        $"{failures.Count} of {count} messages were not published: "
        + string.Join(' ', failures.Take(Shown).Select(x => $"[{x.Index}] {x.Error.Message}"))
        + (failures.Count > Shown ? $" And {failures.Count - Shown} more." : "");
}
