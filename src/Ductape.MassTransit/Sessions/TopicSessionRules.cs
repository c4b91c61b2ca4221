namespace Ductape.MassTransit;

/// <summary>What a topic asks of sessions must be possible.</summary>
internal static class TopicSessionRules
{
    public static void Check(TopicOptions topic, string path, ProductOptions product, ICollection<string> problems)
    {
        for (var i = 0; i < topic.RequireSession.Count; i++)
        {
            var tag = topic.RequireSession[i];
            if (!product.Sessions.TryFind(tag, out _))
                problems.Add($"{path}:RequireSession:{i}: the product has no session '{tag}'.{NearMiss.HintOrList(tag, product.Sessions.Keys)}");
        }

        if (topic.ResolveReferences && product.Sessions.Count == 0)
        {
            problems.Add($"{path}:ResolveReferences: the product has no session types, so that no reference could be replaced: describe one under "
                + "Sessions, or set it to false.");
        }

        if (topic.VerifyExpiryOnReceive && !topic.VerifyOnReceive)
            problems.Add($"{path}:VerifyExpiryOnReceive has no effect without VerifyOnReceive: set that to true as well.");
        if (!topic.VerifyOnReceive)
            return;

        foreach (var (tag, session) in product.Sessions)
        {
            var accepted = topic.RequireSession.Count == 0 || topic.RequireSession.Contains(tag, Tags.Comparer);
            if (accepted && SessionTypeConfig.KeysOf(session) is [var (kind, _)] && kind != SessionKeyKind.SigningKey
                && session.Forward != SessionForward.Token)
            {
                problems.Add($"{path}:VerifyOnReceive: the session '{tag}' has a {kind} and does not forward its token, so a receiver has nothing to "
                    + "verify. Give it \"Forward\": \"Token\" or a SigningKey, or name in RequireSession only sessions that can be verified.");
            }
        }
    }
}
