using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit;

/// <summary>The time that all patterns of one message have together; a limit for each would add up over the texts of a message. For one message.</summary>
internal sealed class PatternBudget
{
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    private TimeSpan _spent;

    /// <exception cref="PatternTimeException">The time is used up.</exception>
    public bool IsMatch(SchemaPattern pattern, string text)
    {
        // One that is under way cannot be given less than the limit, so it may take that long beyond it.
        if (_spent >= Limit)
            throw new PatternTimeException(pattern);

        var began = Stopwatch.GetTimestamp();
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            // Without the exception itself: it quotes the text, which nobody is to see.
            throw new PatternTimeException(pattern);
        }
        finally
        {
            _spent += Stopwatch.GetElapsedTime(began);
        }
    }
}
