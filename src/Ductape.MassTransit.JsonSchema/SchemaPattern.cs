using System.Text.RegularExpressions;

namespace Ductape.MassTransit;

/// <summary>
/// A <c>pattern</c>, or a name under <c>patternProperties</c>. Where .NET can match it without going back it takes time
/// in proportion to the text; where it cannot (look-arounds, back references, atomic groups, very large ones), a text
/// may make it go back for years.
/// </summary>
internal sealed class SchemaPattern
{
    private readonly Regex _expression;

    /// <exception cref="ArgumentException">The text is no regular expression.</exception>
    public SchemaPattern(string text, string place)
    {
        (Text, Place) = (text, place);
        try
        {
            Weight = PatternBudget.LinearWeight;
            _expression = new Regex(text, RegexOptions.NonBacktracking, PatternBudget.Limit / Weight);
        }
        catch (NotSupportedException)
        {
            Weight = 1;
            _expression = new Regex(text, RegexOptions.None, PatternBudget.Limit);
        }
    }

    public string Text { get; }

    /// <summary>Where it is in the schema, a JSON pointer.</summary>
    public string Place { get; }

    /// <summary>How much its time counts.</summary>
    public double Weight { get; }

    public bool Backtracks => !_expression.Options.HasFlag(RegexOptions.NonBacktracking);

    /// <exception cref="RegexMatchTimeoutException">It took longer than all patterns of a message may.</exception>
    public bool IsMatch(string text) => _expression.IsMatch(text);
}
