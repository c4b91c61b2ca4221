namespace Ductape.MassTransit.Benchmarks;

/// <summary>One side of the comparison: publishes orders and receives them on one queue.</summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>What happens with each order that the callback has read. Set between runs only.</summary>
    Action<Order> Received { get; set; }

    /// <summary>Completes when the broker has confirmed the order.</summary>
    Task PublishAsync(Order order);
}
