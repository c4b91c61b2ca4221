namespace Ductape.MassTransit.Connections;

/// <summary>The queues that this process receives from. The room that receives has them.</summary>
internal interface IConnectionQueues
{
    /// <summary>Those of a connection, also those that are not received from at the moment.</summary>
    IEnumerable<IConnectionQueue> Of(Connection connection);
}
