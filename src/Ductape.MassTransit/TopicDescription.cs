using System.Text.Json.Nodes;

namespace Ductape.MassTransit;

/// <summary>A topic as it is configured.</summary>
/// <param name="Tag">Its tag in full, the event <c>brokerTag:topicTag</c>.</param>
/// <param name="Name">Its name for people, or null.</param>
/// <param name="Description">When the event is published, or null.</param>
/// <param name="Sample">An example of a payload, or null; a copy that the caller may change.</param>
/// <param name="Subscribers">The products that are known to receive it.</param>
public sealed record TopicDescription(
    string Tag, string? Name, string? Description, JsonNode? Sample, IReadOnlyList<string> Subscribers);
