using Ductape.MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds JSON Schema to Ductape's message broker.</summary>
public static class JsonSchemaExtensions
{
    /// <summary>
    /// Reads what topics have as <see cref="TopicOptions.Schema"/> and <see cref="TopicOptions.SchemaJson"/>: JSON
    /// Schema, drafts 4 to 2020-12. May be called more than once.
    /// </summary>
    public static IDuctapeMessageBrokerBuilder AddJsonSchema(this IDuctapeMessageBrokerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<IMessageSchemaReader, JsonSchemaReader>();
        return builder;
    }
}
