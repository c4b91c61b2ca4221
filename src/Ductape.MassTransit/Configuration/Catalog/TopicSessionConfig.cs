using System.Collections.Frozen;
using Ductape.MassTransit.Configuration.Binding;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>What a topic asks of sessions.</summary>
/// <param name="Required">The tags of which a publish needs one; empty where it needs none.</param>
/// <param name="VerifyOnReceive">Whether the receiver verifies again.</param>
/// <param name="VerifyExpiryOnReceive">Whether the receiver judges the expiry by its own time.</param>
/// <param name="ResolveReferences">Whether a publish replaces references to claims in the message.</param>
internal sealed record TopicSessionConfig(
    FrozenSet<string> Required, bool VerifyOnReceive, bool VerifyExpiryOnReceive, bool ResolveReferences)
{
    public static TopicSessionConfig Of(TopicOptions topic, ProductOptions product) => new(
        topic.RequireSession.Select(x => Tags.Configured(x, product.Sessions.Keys)).ToFrozenSet(Tags.Comparer), topic.VerifyOnReceive, topic.VerifyExpiryOnReceive, topic.ResolveReferences);
}
