using Ductape.MassTransit.Diagnostics;

namespace Ductape.MassTransit;

/// <summary>
/// Something that is wrong with a configuration. Nothing in it is a secret: of what it says, users and passwords of
/// URLs, PEM text and the keys of connection strings are left out, since they may stand where a name belongs.
/// </summary>
/// <param name="Path">
/// Where it is, as <c>Ductape:Brokers:orders:Topics:created:Prefetch</c>; from a transport the part below the settings,
/// or below the topic.
/// </param>
/// <param name="Problem">
/// What is wrong, as a clause without a full stop: <c>0 is out of range</c>. One that begins with <c>it</c> is about
/// the key: <c>it is not a known key</c>.
/// </param>
/// <param name="Remedy">
/// What to do: a clause, <c>it must be at least 1</c>, or whole sentences. <value>Default: empty, where the problem
/// says it.</value>
/// </param>
public sealed record ConfigurationProblem(string Path, string Problem, string Remedy = "")
{
    /// <inheritdoc cref="ConfigurationProblem(string, string, string)" path="/param[@name='Path']"/>
    public string Path { get; init => field = ShownText.Hide(value); } = ShownText.Hide(Path);

    /// <inheritdoc cref="ConfigurationProblem(string, string, string)" path="/param[@name='Problem']"/>
    public string Problem { get; init => field = ShownText.Hide(value); } = ShownText.Hide(Problem);

    /// <inheritdoc cref="ConfigurationProblem(string, string, string)" path="/param[@name='Remedy']"/>
    public string Remedy { get; init => field = ShownText.Hide(value); } = ShownText.Hide(Remedy);

    /// <summary>
    /// One of <see cref="DuctapeErrorCodes"/>, where the problem has one. <value>Default: null.</value>
    /// </summary>
    public string? Code { get; init; }

    /// <summary>
    /// A value of the configuration in quotation marks, for the words of a problem. Users and passwords of URLs, PEM
    /// text and the keys of connection strings are left out; of more than 120 characters, or several lines, the
    /// beginning is shown.
    /// </summary>
    public static string Quoted(string value) => ShownText.Quoted(value);

    /// <summary>The problem as a sentence, after its code.</summary>
    internal string Message => Ended(Code is null ? Problem : $"{Code}: {Problem}");

    /// <summary>The remedy as a sentence.</summary>
    internal string Advice => Remedy.Length == 0 ? "" : Ended(char.ToUpperInvariant(Remedy[0]) + Remedy[1..]);

    /// <summary>Problem and remedy in one.</summary>
    internal string Text =>
        Remedy.Length == 0 ? Ended(Problem)
        : char.IsUpper(Remedy[0]) ? $"{Ended(Problem)} {Ended(Remedy)}"
        : $"{ShownText.InOneLine(Problem)}; {Ended(Remedy)}";

    /// <summary>
    /// In one line: <c>path: problem; remedy.</c> Line ends and control characters of what it shows are escaped.
    /// </summary>
    public override string ToString() => ShownText.InOneLine($"{Path}: {(Code is null ? "" : $"{Code}: ")}{Text}");

    /// <summary>The same problem, told from farther up.</summary>
    internal ConfigurationProblem Below(string path) => this with { Path = $"{path}:{Path}" };

    // With a stop where it has none, and in one line.
    private static string Ended(string text) => ShownText.InOneLine(text is [.., '.' or '?'] ? text : text + ".");
}
