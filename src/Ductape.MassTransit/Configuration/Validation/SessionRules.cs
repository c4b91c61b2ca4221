using System.Collections.Immutable;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Secrets;
using Ductape.MassTransit.SessionKeys;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>The session types of a product. No message repeats a key.</summary>
internal static class SessionRules
{
    private const int LongestExpiryInDays = 3650;
    private static readonly TimeSpan LongestSkew = TimeSpan.FromMinutes(10);

    /// <param name="product">The product.</param>
    /// <param name="path">Its configuration path.</param>
    /// <param name="reported">What binding the configuration has reported already.</param>
    /// <param name="problems">Receives the problems.</param>
    public static void Check(ProductOptions product, string path, IReadOnlyCollection<ConfigurationProblem> reported, ICollection<ConfigurationProblem> problems)
    {
        foreach (var (tag, session) in product.Sessions)
        {
            var sessionPath = $"{path}:Sessions:{tag}";
            TagRules.Check(tag, sessionPath, "session", problems);
            CheckTimes(session, sessionPath, problems);
            if (session.Selector is not null && SelectorPath.TryParse(session.Selector) is null)
            {
                problems.Add(new($"{sessionPath}:Selector", $"{ConfigurationProblem.Quoted(session.Selector)} is not of the form $Session{{path}}",
                    "write for example $Session{userId} or $Session{details.username}"));
            }

            SecretFormRules.Check(session, sessionPath, problems);
            CheckAlgorithms(session, sessionPath, problems);
            CheckKey(session, sessionPath, reported, problems);
        }

        foreach (var (brokerTag, broker) in product.Brokers)
        {
            foreach (var (topicTag, topic) in broker.Topics)
                TopicSessionRules.Check(topic, $"{path}:Brokers:{brokerTag}:Topics:{topicTag}", product.Sessions, "the product has no", problems);
        }
    }

    private static void CheckTimes(SessionTypeOptions session, string path, ICollection<ConfigurationProblem> problems)
    {
        if (session.Expiry is { } expiry && (expiry < TimeSpan.FromSeconds(1) || expiry.TotalDays > LongestExpiryInDays))
            problems.Add(new($"{path}:Expiry", $"'{expiry}' is out of range", $"it must be at least a second and at most {LongestExpiryInDays} days"));

        if (session.Period is not null && !WholeNumberOfAttribute.Units.Contains(session.Period, StringComparer.OrdinalIgnoreCase))
            problems.Add(new($"{path}:Period", $"{ConfigurationProblem.Quoted(session.Period)} is not known", $"one of {string.Join(", ", WholeNumberOfAttribute.Units)}"));
        if (session.ClockSkew < TimeSpan.Zero || session.ClockSkew > LongestSkew)
            problems.Add(new($"{path}:ClockSkew", $"'{session.ClockSkew}' is out of range", $"it must be from zero to {LongestSkew}"));
    }

    private static void CheckAlgorithms(SessionTypeOptions session, string path, ICollection<ConfigurationProblem> problems)
    {
        var names = SessionAlgorithm.All.Select(x => x.Name).ToArray();
        var kinds = SessionTypeConfig.KeysOf(session);
        for (var i = 0; i < session.Algorithms.Count; i++)
        {
            var name = session.Algorithms[i];
            if (string.Equals(name, "none", StringComparison.OrdinalIgnoreCase))
                problems.Add(new($"{path}:Algorithms:{i}", $"'{name}' means no signature, so that anybody could make a token", "Take it out."));
            else if (SessionAlgorithm.Find(name) is not { } algorithm)
                problems.Add(new($"{path}:Algorithms:{i}", $"{ConfigurationProblem.Quoted(name)} is not known", $"{NearMiss.Suggest(name, names)} One of {string.Join(", ", names)}.".TrimStart()));
            else if (kinds is [var (kind, _)] && algorithm.KeyType == SessionAlgorithm.Hmac != (kind == SessionKeyKind.SigningKey))
                problems.Add(Mismatch($"{path}:Algorithms:{i}", name, kind));
        }
    }

    private static ConfigurationProblem Mismatch(string path, string algorithm, SessionKeyKind kind) => kind == SessionKeyKind.SigningKey
        ? new(path, $"{algorithm} needs a public key, and SigningKey is a shared secret", "Use HS256, HS384 or HS512, or give a PublicKey.")
        : new(path, $"{algorithm} is an HMAC algorithm, and with {kind} everybody who has the public key could sign", "Take it out, or give a SigningKey.");

    private static void CheckKey(SessionTypeOptions session, string path, IReadOnlyCollection<ConfigurationProblem> reported, ICollection<ConfigurationProblem> problems)
    {
        switch (SessionTypeConfig.KeysOf(session))
        {
            case []:
                // A misspelt key was reported with the right name.
                if (!reported.Any(x => Tags.Same(x.Path, path) || x.Path.StartsWith($"{path}:", StringComparison.OrdinalIgnoreCase)))
                    problems.Add(new(path, "it has no key to verify tokens with", $"give one of {string.Join(", ", Enum.GetNames<SessionKeyKind>())}"));
                break;
            case [var (kind, key)] when !SecretReferences.AreIn(key):
                if (kind is not (SessionKeyKind.JwksUri or SessionKeyKind.Authority))
                    _ = SessionKeySet.Read(kind, key, [.. session.Algorithms], path, problems);
                else if (SessionAddress.Problem(key, $"{path}:{kind}") is { } problem)
                    problems.Add(problem);
                break;
            case { Length: > 1 } several:
                problems.Add(new(path, $"it has several keys, {string.Join(" and ", several.Select(x => x.Kind))}",
                    "keep one, or make each a session type of its own"));
                break;
        }
    }
}
