using Ductape.MassTransit.Diagnostics;

namespace Ductape.MassTransit;

/// <summary>
/// The one exception this library throws for what went wrong in a call: what failed, for which event, environment and
/// product, the offending value (secrets redacted), and the remedy.
/// </summary>
public class DuctapeException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">A constant of <see cref="DuctapeErrorCodes"/>.</param>
    /// <param name="message">
    /// What failed, the offending value, and the remedy. Must not contain a secret; users and passwords of URLs and
    /// PEM text are left out.
    /// </param>
    /// <param name="innerException">The cause, if there is one.</param>
    public DuctapeException(string code, string message, Exception? innerException = null)
        : base(ShownText.Hide($"{code}: {message}"), innerException)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        Code = code;
    }

    /// <summary>A constant of <see cref="DuctapeErrorCodes"/>.</summary>
    public string Code { get; }

    /// <summary>The event of the call, as it was given; null where the call named none.</summary>
    public string? Event { get; init; }

    /// <summary>The environment of the call, after the fallback to <c>Ductape:Env</c>.</summary>
    public string? Env { get; init; }

    /// <summary>The product of the call, after the fallback to <c>Ductape:Product</c>.</summary>
    public string? ProductTag { get; init; }

    /// <summary>Whether the same call may go well a moment later, so that a message is worth another attempt.</summary>
    internal bool IsTransient { get; init; }

    /// <summary>What is wrong with the configuration, where that is the cause.</summary>
    internal ConfigurationProblem? Problem { get; init; }

    /// <summary>The same error, with the whole of what was asked for.</summary>
    internal DuctapeException During(string? @event, string env, string productTag) =>
        new(Code, Message[(Code.Length + 2)..], InnerException) { Event = @event, Env = env, ProductTag = productTag, IsTransient = IsTransient, Problem = Problem };
}
