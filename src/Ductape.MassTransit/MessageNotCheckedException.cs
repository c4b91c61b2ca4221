namespace Ductape.MassTransit;

/// <summary>
/// A message cannot be checked to its end. With <see cref="MessageValidation.Enforce"/> it is refused, with
/// <see cref="MessageValidation.Warn"/> it is sent.
/// </summary>
/// <param name="problem">Why, without a value of the message and without a full stop.</param>
/// <param name="remedy">What to do about it, a sentence.</param>
public sealed class MessageNotCheckedException(string problem, string remedy) : Exception(problem)
{
    /// <summary>What to do about it.</summary>
    public string Remedy { get; } = remedy;
}
