namespace Ductape.MassTransit;

/// <summary>Something that is wrong with a configuration. Nothing in it is a secret.</summary>
/// <param name="Path">
/// Where it is, as <c>Ductape:Brokers:orders:Topics:created:Prefetch</c>; from a transport the part below the settings,
/// or below the topic.
/// </param>
/// <param name="Problem">What is wrong, as a clause without a full stop: <c>0 is out of range</c>.</param>
/// <param name="Remedy">
/// What to do: a clause, <c>it must be at least 1</c>, or whole sentences. <value>Default: empty, where the problem
/// says it.</value>
/// </param>
public sealed record ConfigurationProblem(string Path, string Problem, string Remedy = "")
{
    /// <summary>
    /// One of <see cref="DuctapeErrorCodes"/>, where the problem has one. <value>Default: null.</value>
    /// </summary>
    public string? Code { get; init; }

    /// <summary>In one line: <c>path: problem; remedy.</c></summary>
    public override string ToString()
    {
        var told = $"{Path}: {(Code is null ? "" : $"{Code}: ")}{Problem}";
        return Remedy.Length == 0 ? Ended(told)
            : char.IsUpper(Remedy[0]) ? $"{Ended(told)} {Ended(Remedy)}"
            : $"{told}; {Ended(Remedy)}";
    }

    /// <summary>The same problem, told from farther up.</summary>
    internal ConfigurationProblem Below(string path) => this with { Path = $"{path}:{Path}" };

    /// <summary>A clause or sentence with a full stop, where it does not end with one or with a question.</summary>
    internal static string Ended(string text) => text is [.., '.' or '?'] ? text : text + ".";
}
