using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json.Serialization;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// Emits the sealed type of a topic: <c>[EntityName] [MessageUrn] [JsonConverter] class … : TopicMessage</c>, and
/// nothing else.
/// </summary>
internal static class TopicTypeEmitter
{
    private static readonly ModuleBuilder Module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("Ductape.Topics"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule("Ductape.Topics");

    private static int _count;

    public static Type Emit(EventName name, string entity)
    {
        var builder = Module.DefineType($"Ductape.Topics.{Identifier(name.Broker)}.{Identifier(name.Topic)}_{++_count}",
            TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class, typeof(TopicMessage));
        builder.DefineDefaultConstructor(MethodAttributes.Public);
        builder.SetCustomAttribute(Attribute<EntityNameAttribute>(entity));
        builder.SetCustomAttribute(Attribute<MessageUrnAttribute>(UrnOf(name), true));
        builder.SetCustomAttribute(Attribute<JsonConverterAttribute>(typeof(TopicMessageConverterFactory)));
        return builder.CreateType();
    }

    /// <summary>The URN of a topic without MassTransit's prefix, <c>ductape:broker:topic</c>.</summary>
    private static string UrnOf(EventName name) => $"ductape:{name.Broker}:{name.Topic}";

    private static string Identifier(string tag) => string.Concat(tag.Select(c => char.IsLetterOrDigit(c) ? c : '_'));

    private static CustomAttributeBuilder Attribute<T>(params object[] arguments)
    {
        var constructor = typeof(T).GetConstructor([.. arguments.Select(x => x is Type ? typeof(Type) : x.GetType())])!;
        return new CustomAttributeBuilder(constructor, arguments);
    }
}
