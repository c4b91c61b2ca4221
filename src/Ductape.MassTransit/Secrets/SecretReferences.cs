using System.Text.RegularExpressions;

namespace Ductape.MassTransit.Secrets;

/// <summary>
/// Replaces <c>$Secret{KEY}</c> in strings of the configuration when they are used: from <c>Ductape:Secrets:KEY</c>,
/// else the environment variable <c>KEY</c>, else an <see cref="ISecretResolver"/>. Values are not kept: a secret that
/// changes is new at its next use.
/// </summary>
internal sealed partial class SecretReferences(IReadOnlyDictionary<string, string> configured, IEnumerable<ISecretResolver> resolvers)
{
    /// <summary>Hides what was looked up so far.</summary>
    public SecretMask Mask { get; } = new();

    public static bool AreIn(string? text) => text is not null && text.Contains("$Secret{", StringComparison.Ordinal);

    /// <summary>The text with its references replaced; a text without any is returned as it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The configuration path of the text, for the error.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SecretNotFound"/>: nothing has one of the
    /// secrets.</exception>
    public async ValueTask<string> ExpandAsync(string text, string path, CancellationToken cancellationToken)
    {
        if (!AreIn(text))
            return text;

        // In a URL a password with a slash or an at sign would end the wrong part.
        var isPartOfUrl = text.Contains("://", StringComparison.Ordinal);
        var expanded = new System.Text.StringBuilder();
        var end = 0;
        foreach (Match match in Reference().Matches(text))
        {
            var value = await FindAsync(match.Groups["key"].Value, path, cancellationToken).ConfigureAwait(false);
            Mask.Add(ConnectionStringReference.NameIn(match.Groups["key"].Value) is null ? match.Value : match.Groups["key"].Value, value);
            expanded.Append(text, end, match.Index - end).Append(isPartOfUrl ? Uri.EscapeDataString(value) : value);
            end = match.Index + match.Length;
        }

        return expanded.Append(text, end, text.Length - end).ToString();
    }

    /// <summary>What is wrong with the references in a text, or null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The configuration path of the text.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<ConfigurationProblem?> ProblemAsync(string text, string path, CancellationToken cancellationToken)
    {
        try
        {
            await ExpandAsync(text, path, cancellationToken).ConfigureAwait(false);
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

    private async ValueTask<string> FindAsync(string key, string path, CancellationToken cancellationToken)
    {
        if (configured.TryGetValue(key, out var value))
            return value;
        if (ConnectionStringReference.NameIn(key) is { } name)
            throw NotFound(ConnectionStringReference.Missing(name, path));
        if (Environment.GetEnvironmentVariable(key) is { Length: > 0 } variable)
            return variable;

        foreach (var resolver in resolvers)
        {
            if (await resolver.ResolveAsync(key, cancellationToken).ConfigureAwait(false) is { } resolved)
                return resolved;
        }

        throw NotFound(new ConfigurationProblem(path, $"it refers to the secret '{key}', and nothing has it",
            $"set Ductape:Secrets:{key} or the environment variable {key}, or register an {nameof(ISecretResolver)} that knows it"));
    }

    private static DuctapeException NotFound(ConfigurationProblem problem) =>
        new(DuctapeErrorCodes.SecretNotFound, problem.ToString()) { Problem = problem with { Code = DuctapeErrorCodes.SecretNotFound } };

    [GeneratedRegex(@"\$Secret\{(?<key>[^{}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
