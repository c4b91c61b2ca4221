namespace Ductape.MassTransit;

/// <summary>A schema cannot be used. The start shows its problems, each after the path of the schema.</summary>
/// <param name="problems">Each as <c>at /properties/a/type has 5: must be …</c>.</param>
public sealed class InvalidSchemaException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>What is wrong.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
