namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>How the messages of a topic are checked before they are sent.</summary>
/// <param name="Schema">What they must fit.</param>
/// <param name="WarnOnly">Whether one that does not is sent all the same.</param>
internal sealed record TopicCheckConfig(IMessageSchema Schema, bool WarnOnly);
