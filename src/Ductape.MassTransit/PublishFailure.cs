namespace Ductape.MassTransit;

/// <summary>A message of a <c>PublishManyAsync</c> that was not published.</summary>
/// <param name="Index">Its place among the messages, from 0.</param>
/// <param name="Error">Why; what a <c>PublishAsync</c> of it alone would have thrown.</param>
public sealed record PublishFailure(int Index, DuctapeException Error);
