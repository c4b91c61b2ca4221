namespace Ductape.MassTransit;

/// <summary>The problems of start-up as findings, and the types of every environment.</summary>
internal static class ConfigurationLint
{
    public static LintFinding Finding(string problem)
    {
        var space = problem.IndexOf(' ', StringComparison.Ordinal);
        var (path, message) = space < 0 ? (problem, "") : (problem[..space].TrimEnd(':'), problem[(space + 1)..]);
        // Most say the remedy after a semicolon.
        var remedy = message.LastIndexOf("; ", StringComparison.Ordinal);
        return remedy < 0
            ? new LintFinding(LintSeverity.Error, path, message, "")
            : new LintFinding(LintSeverity.Error, path, message[..remedy] + ".", char.ToUpperInvariant(message[remedy + 2]) + message[(remedy + 3)..]);
    }

    public static bool IsMissingTransport(LintFinding finding) =>
        finding.Message.StartsWith(DuctapeErrorCodes.TransportNotRegistered, StringComparison.Ordinal)
        || finding.Message.StartsWith(DuctapeErrorCodes.BrokerTypeNotSupported, StringComparison.Ordinal);

    /// <summary>What start-up says of the environment in use only, for all of them.</summary>
    public static IEnumerable<LintFinding> Transports(DuctapeOptions options, TransportSet transports)
    {
        foreach (var (product, productOptions) in options.Products)
        {
            foreach (var (tag, broker) in productOptions?.Brokers ?? [])
            {
                foreach (var (env, envOptions) in broker?.Envs ?? [])
                {
                    if (string.IsNullOrWhiteSpace(envOptions?.Type) || transports.Problem(envOptions.Type) is not { } problem)
                        continue;

                    // The application that runs there may be built otherwise.
                    var isKnownHere = transports.Find(envOptions.Type) is not null;
                    yield return Finding($"{options.Path}:Products:{product}:Brokers:{tag}:Envs:{env}:Type: {problem.Code}: {problem.Message}") with
                    {
                        Severity = isKnownHere ? LintSeverity.Warning : LintSeverity.Error,
                    };
                }
            }
        }
    }
}
