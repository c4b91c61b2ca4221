using System.Text.Json.Nodes;

namespace Ductape.MassTransit;

/// <summary>
/// Reads what a topic has as <see cref="TopicOptions.Schema"/> or <see cref="TopicOptions.SchemaJson"/>. A package
/// registers it as a singleton, as <c>Ductape.MassTransit.JsonSchema</c> does; without one, a topic with a schema does
/// not start. Used from several threads at once.
/// </summary>
public interface IMessageSchemaReader
{
    /// <summary>Reads a schema. It is not changed.</summary>
    /// <param name="schema">The schema.</param>
    /// <exception cref="InvalidSchemaException">The schema is none, or messages could not be checked against all of
    /// it.</exception>
    IMessageSchema Read(JsonNode schema);
}
