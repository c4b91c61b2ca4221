using System.Text.RegularExpressions;

namespace Ductape.MassTransit.Secrets;

/// <summary>
/// Replaces <c>$Secret{KEY}</c> in strings of the configuration when they are used: from <c>Ductape:Secrets:KEY</c>,
/// else the environment variable <c>KEY</c>, else an <see cref="ISecretResolver"/>. Values are not kept: a secret that
/// changes is new at its next use.
/// </summary>
/// <param name="path">The path of the options, for the remedy.</param>
/// <param name="configured">The secrets of the configuration, and its connection strings.</param>
/// <param name="resolvers">Those of the application.</param>
internal sealed partial class SecretReferences(
    string path, IReadOnlyDictionary<string, string> configured, IEnumerable<ISecretResolver> resolvers)
{
    /// <summary>How a reference begins.</summary>
    public const string Start = "$Secret{";

    /// <summary>Hides what was looked up so far.</summary>
    public SecretMask Mask { get; } = new();

    /// <summary>Whether a text has a reference, or something that begins like one.</summary>
    public static bool AreIn(string? text) => text is not null && text.Contains('$', StringComparison.Ordinal) && Beginning().IsMatch(text);

    /// <summary>
    /// What in a text begins like a reference and is none, so that it would be taken as it is written; or null. It is
    /// the beginning alone, since what follows may be a password.
    /// </summary>
    public static string? MalformedIn(string text)
    {
        var references = Reference().Matches(text);
        foreach (Match beginning in Beginning().Matches(text))
        {
            if (!references.Any(x => x.Index == beginning.Index))
                return beginning.Value;
        }

        return null;
    }

    /// <summary>The text with its references replaced; a text without any is returned as it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The configuration path of the text, for the error.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SecretNotFound"/>: nothing has one of the
    /// secrets.</exception>
    public async ValueTask<string> ExpandAsync(string text, string at, CancellationToken cancellationToken)
    {
        if (!AreIn(text))
            return text;

        // In a URL a password with a slash or an at sign would end the wrong part.
        var isPartOfUrl = text.Contains("://", StringComparison.Ordinal);
        var expanded = new System.Text.StringBuilder();
        var end = 0;
        foreach (Match match in Reference().Matches(text))
        {
            var value = await FindAsync(match.Groups["key"].Value, at, cancellationToken).ConfigureAwait(false);
            Mask.Add(ConnectionStringReference.NameIn(match.Groups["key"].Value) is null ? match.Value : match.Groups["key"].Value, value);
            expanded.Append(text, end, match.Index - end).Append(isPartOfUrl ? Uri.EscapeDataString(value) : value);
            end = match.Index + match.Length;
        }

        return expanded.Append(text, end, text.Length - end).ToString();
    }

    /// <summary>What is wrong with the references in a text, or null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The configuration path of the text.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<ConfigurationProblem?> ProblemAsync(string text, string at, CancellationToken cancellationToken)
    {
        try
        {
            await ExpandAsync(text, at, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (DuctapeException exception) when (exception.Problem is not null)
        {
            return exception.Problem;
        }
    }

    /// <summary>
    /// A hash over the configured values of the secrets that an options or settings object refers to: equal as long as
    /// a reload changes none of them. Those from elsewhere are not looked up.
    /// </summary>
    public string FingerprintOf(object target)
    {
        var keys = SecretSettings.Find(target, "").SelectMany(x => Reference().Matches(x.Text)).Select(x => x.Groups["key"].Value)
            .Where(configured.ContainsKey).Distinct().Order(StringComparer.Ordinal).ToArray();
        return keys.Length == 0 ? "" : OptionsFingerprint.Of(string.Concat(keys.Select(x => $"{x.Length}:{x}{configured[x].Length}:{configured[x]}")));
    }

    private async ValueTask<string> FindAsync(string key, string at, CancellationToken cancellationToken)
    {
        var value = await LookUpAsync(key, at, cancellationToken).ConfigureAwait(false);
        // Whoever reads the configuration would know the value.
        return value is not null && value.Contains(Start, StringComparison.Ordinal)
            ? throw NotFound(new(at, $"it refers to the secret '{key}', which refers to another one itself, and that is not followed",
                "refer to the other one here"))
            : value ?? throw NotFound(Missing(key, at));
    }

    private async ValueTask<string?> LookUpAsync(string key, string at, CancellationToken cancellationToken)
    {
        if (configured.TryGetValue(key, out var value))
            return value;
        if (ConnectionStringReference.NameIn(key) is { } name)
            throw NotFound(ConnectionStringReference.Missing(name, at));
        if (Environment.GetEnvironmentVariable(key) is { Length: > 0 } variable)
            return variable;

        foreach (var resolver in resolvers)
        {
            if (await resolver.ResolveAsync(key, cancellationToken).ConfigureAwait(false) is { } resolved)
                return resolved;
        }

        return null;
    }

    // A configuration takes a colon for the beginning of a further level.
    private ConfigurationProblem Missing(string key, string at) => new(at, $"it refers to the secret '{key}', and nothing has it",
        key.Contains(':', StringComparison.Ordinal)
            ? $"register an {nameof(ISecretResolver)} that knows it, or take the colon out of the name: a secret under {path}:Secrets has none in its key"
            : $"set {path}:Secrets:{key} or the environment variable {key}, or register an {nameof(ISecretResolver)} that knows it");

    private static DuctapeException NotFound(ConfigurationProblem problem) =>
        new(DuctapeErrorCodes.SecretNotFound, problem.ToString()) { Problem = problem with { Code = DuctapeErrorCodes.SecretNotFound } };

    [GeneratedRegex(@"\$Secret\{(?<key>[^{}]*[^{}\s][^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    // A password may well have a dollar sign and the word; it hardly has a bracket behind them.
    [GeneratedRegex(@"\$secrets?([{(\[<]|%7b)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Beginning();
}
