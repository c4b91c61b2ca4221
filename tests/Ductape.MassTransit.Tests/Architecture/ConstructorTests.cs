using System.Collections;
using System.Reflection;
using Ductape.MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Architecture;

/// <summary>
/// A class that needs more than six others has more than one job. Others are classes and interfaces: a value, text, a
/// record, a delegate and a collection of these are data. A record may hold what it likes. What the clouds' packages
/// are needed for is in builds with them alone, and is not looked at.
/// </summary>
public sealed class ConstructorTests
{
    private const int Most = 6;

    private static readonly Assembly[] Source =
    [
        typeof(IMessageBroker).Assembly, typeof(RabbitMqSettings).Assembly, typeof(AmazonSqsSettings).Assembly, typeof(AzureServiceBusSettings).Assembly,
        typeof(JsonSchemaExtensions).Assembly, typeof(TestMessage).Assembly,
    ];

    [Fact]
    public void No_class_needs_more_than_six_others()
    {
        var constructors = Source.SelectMany(x => x.GetTypes()).Where(x => x.IsClass && !IsRecord(x))
            .SelectMany(x => x.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)).ToArray();

        var wrong = constructors.Select(x => (Type: x.DeclaringType!, Others: x.GetParameters().Where(p => !IsData(p.ParameterType)).ToArray()))
            .Where(x => x.Others.Length > Most)
            .Select(x => $"{x.Type.FullName} needs {x.Others.Length}: {string.Join(", ", x.Others.Select(p => p.Name))}").ToArray();

        Assert.NotEmpty(constructors);
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private static bool IsData(Type type) => type.IsValueType || type == typeof(string) || IsRecord(type)
        || typeof(Delegate).IsAssignableFrom(type) || ElementsOf(type) is { Length: > 0 } elements && elements.All(IsData);

    private static Type[] ElementsOf(Type type) => type.IsArray ? [type.GetElementType()!]
        : typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()
        : [];

    // The compiler gives every record class this method, and nobody else can write it.
    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance) is not null;
}
