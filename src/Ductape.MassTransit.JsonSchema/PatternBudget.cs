using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit;

/// <summary>
/// The time that all patterns of one message have together; a limit for each would add up over the texts of a message.
/// For one message.
/// </summary>
internal sealed class PatternBudget
{
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How much the time of a pattern counts that cannot go back. No text makes it take long, but a busy machine does,
    /// and such a machine must not refuse messages.
    /// </summary>
    public const double LinearWeight = 1 / 20.0;

    private TimeSpan _spent;

    /// <exception cref="MessageNotCheckedException">The time is used up.</exception>
    public bool IsMatch(SchemaPattern pattern, string text)
    {
        // One that is under way cannot be given less than the limit, so it may take that long beyond it.
        if (_spent >= Limit)
            throw TooLong(pattern);

        var began = Stopwatch.GetTimestamp();
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            // Without the exception itself: it quotes the text, which nobody is to see.
            throw TooLong(pattern);
        }
        finally
        {
            _spent += Stopwatch.GetElapsedTime(began) * pattern.Weight;
        }
    }

    private static MessageNotCheckedException TooLong(SchemaPattern pattern) => new(
        $"its patterns took longer than {Limit.TotalMilliseconds} ms together, at last '{pattern.Text}' at {pattern.Place}",
        "Write the pattern without look-arounds, back references and atomic groups, or limit what the texts may be.");
}
