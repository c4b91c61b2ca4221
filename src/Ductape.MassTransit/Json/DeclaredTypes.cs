using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ductape.MassTransit.Json;

/// <summary>As which type a message is written that was declared as another one than it is.</summary>
internal static class DeclaredTypes
{
    /// <summary>
    /// The declared type where it says how its derived types are written, so that a receiver of it can read them. Else
    /// what the message is: as the declared type it would lose what the derived one adds.
    /// </summary>
    public static Type Choose(object message, Type? declared, JsonSerializerOptions options)
    {
        var actual = message.GetType();
        if (declared is null || declared == actual || declared == typeof(object))
            return actual;

        if (!options.IsReadOnly)
            options.MakeReadOnly(populateMissingResolver: true);
        return SaysHow(declared, options) ? declared : actual;
    }

    private static bool SaysHow(Type declared, JsonSerializerOptions options) => options.TryGetTypeInfo(declared, out var type) && type.Kind switch
    {
        // A converter of its own.
        JsonTypeInfoKind.None => true,
        JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary => type.PolymorphismOptions is not null
            || (type.ElementType is { } element && options.TryGetTypeInfo(element, out var elements) && elements.PolymorphismOptions is not null),
        _ => type.PolymorphismOptions is not null,
    };
}
