using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.SessionKeys;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>What a topic asks of sessions must be possible.</summary>
internal static class TopicSessionRules
{
    /// <param name="topic">The topic.</param>
    /// <param name="path">Its configuration path.</param>
    /// <param name="sessions">The session types that there are for it.</param>
    /// <param name="none">Who has none that is missing: <c>the product has no</c>, <c>no product has</c>.</param>
    /// <param name="problems">Receives the problems.</param>
    public static void Check(TopicOptions topic, string path, IReadOnlyCollection<KeyValuePair<string, SessionTypeOptions>> sessions, string none,
        ICollection<ConfigurationProblem> problems)
    {
        for (var i = 0; i < topic.RequireSession.Count; i++)
        {
            var tag = topic.RequireSession[i];
            if (!sessions.Any(x => Tags.Same(x.Key, tag)))
            {
                problems.Add(new($"{path}:RequireSession:{i}", $"{none} session {ConfigurationProblem.Quoted(tag)}",
                    NearMiss.SuggestOrList(tag, [.. sessions.Select(x => x.Key).Distinct(Tags.Comparer)])));
            }
        }

        if (topic.ResolveReferences && sessions.Count == 0)
        {
            problems.Add(new($"{path}:ResolveReferences", $"{none} session types, so that no reference could be replaced",
                "describe one under Sessions, or set it to false"));
        }

        if (topic.VerifyExpiryOnReceive && !topic.VerifyOnReceive)
            problems.Add(new($"{path}:VerifyExpiryOnReceive", "it has no effect without VerifyOnReceive", "set that to true as well"));
        if (!topic.VerifyOnReceive)
            return;

        foreach (var (tag, session) in sessions)
        {
            var accepted = topic.RequireSession.Count == 0 || topic.RequireSession.Contains(tag, Tags.Comparer);
            if (accepted && SessionTypeConfig.KeysOf(session) is [var (kind, _)] && kind != SessionKeyKind.SigningKey
                && session.Forward != SessionForward.Token)
            {
                problems.Add(new(
                    $"{path}:VerifyOnReceive",
                    $"the session {ConfigurationProblem.Quoted(tag)} has a {kind} and does not forward its token, so a receiver has nothing to verify",
                    "Give it \"Forward\": \"Token\" or a SigningKey, or name in RequireSession only sessions that can be verified."));
            }
        }
    }
}
