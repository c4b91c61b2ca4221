namespace Ductape.MassTransit.Connections;

/// <summary>What a connection asks of a queue that is received from over it.</summary>
internal interface IConnectionQueue
{
    /// <summary>The queue's name.</summary>
    string Queue { get; }

    /// <summary>The broker is back: starts its endpoint anew where that does not receive yet.</summary>
    Task RestartAsync();

    /// <summary>The bus is about to stop: nothing may wait inside the endpoint any more.</summary>
    void Abandon();

    /// <summary>Stops delivering, and waits for the callbacks in flight.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
