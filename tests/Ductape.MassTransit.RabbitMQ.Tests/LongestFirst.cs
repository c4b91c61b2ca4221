using Ductape.MassTransit.RabbitMQ.Tests;
using Ductape.MassTransit.RabbitMQ.Tests.Outages;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// The classes that take minutes begin first. One that began last would run on alone when all the others have ended.
/// They wait most of their time.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Classes =
    [
        .. from type in (Type[])
           [
               typeof(ClusterTests), typeof(OutageTests), typeof(DeadLetterOutageTests), typeof(SoakTests), typeof(FlowOutageTests), typeof(ReloadTests),
               typeof(HalfOpenTests), typeof(AlarmTests), typeof(DeadLetterTests), typeof(EndedConnectionTests), typeof(ChaosTests),
           ]
           select type.FullName,
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(PlaceOf)];

    private static int PlaceOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(Classes, x => collection.TestCollectionDisplayName.Contains($"{x} ", StringComparison.Ordinal));
        return place < 0 ? Classes.Length : place;
    }
}
