using Microsoft.Extensions.Options;

namespace Ductape.MassTransit;

/// <summary>The configuration is not valid. The message has one problem a line.</summary>
public sealed class InvalidConfigurationException : OptionsValidationException
{
    internal InvalidConfigurationException(IReadOnlyList<ConfigurationProblem> problems, params IEnumerable<string> others)
        : base(Options.DefaultName, typeof(DuctapeOptions), [.. problems.Select(x => x.ToString()), .. others]) => Problems = problems;

    /// <summary>
    /// Everything that this library finds wrong. <see cref="OptionsValidationException.Failures"/> has the same as
    /// texts, and what the application's own <see cref="IValidateOptions{TOptions}"/> say besides.
    /// </summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; }

    /// <inheritdoc/>
    public override string Message => string.Join(Environment.NewLine, Failures);
}
