using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.DeadLetters;

/// <summary>Applies a selection to one dead letter after the other, and counts.</summary>
internal sealed class DeadLetterSelector
{
    private readonly DeadLetterSelection _selection;
    private readonly Route _route;
    private readonly HashSet<string>? _ids;

    public DeadLetterSelector(DeadLetterSelection selection, Route route)
    {
        if (selection.Limit < 1)
            throw route.Error(DuctapeErrorCodes.InvalidInput, $"'select.limit' is {selection.Limit}; it must be at least 1.");

        _selection = selection;
        _route = route;
        _ids = selection.MessageIds?.Select(MessageIds.Normalize).ToHashSet(StringComparer.Ordinal);
    }

    public long Matched { get; private set; }

    /// <summary>Whether no more can match.</summary>
    public bool IsDone => Matched >= _selection.Limit;

    public bool Matches(DeadLetterMessage message)
    {
        var letter = new DeadLetter(message);
        if (_ids is not null && !(letter.MessageId is { } id && _ids.Contains(id)))
            return false;
        if (_selection.Where is not null && !IsSelected(letter))
            return false;

        Matched++;
        return true;
    }

    private bool IsSelected(DeadLetter letter)
    {
        try
        {
            return _selection.Where!(letter);
        }
        // It is the caller's code.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw _route.Error(DuctapeErrorCodes.InvalidInput,
                $"'select.where' failed for the dead letter {letter.MessageId}: {exception.Message}. The others after it were not looked at.", exception);
        }
    }
}
