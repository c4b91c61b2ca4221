namespace Ductape.MassTransit;

/// <summary>The patterns of a schema took too long for a message, which so was not checked to its end.</summary>
internal sealed class PatternTimeException(SchemaPattern pattern) : Exception(
    $"its patterns took longer than {PatternBudget.Limit.TotalMilliseconds} ms together, at last '{pattern.Text}' at {pattern.Place}");
