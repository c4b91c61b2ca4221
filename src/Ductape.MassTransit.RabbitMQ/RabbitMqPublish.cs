using System.Diagnostics;
using RabbitMQ.Client;

namespace Ductape.MassTransit;

/// <summary>One message on its way through <see cref="RabbitMqConfirmations"/>; its task is complete when the server has confirmed it.</summary>
internal sealed class RabbitMqPublish(
    string exchange, string routingKey, bool mandatory, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Exchange => exchange;

    public string RoutingKey => routingKey;

    public bool Mandatory => mandatory;

    public BasicProperties Properties => properties;

    public ReadOnlyMemory<byte> Body => body;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Which activity it belongs to, where it had to wait for the client.</summary>
    public Activity? Activity { get; set; }

    /// <summary>The server's number for it; 0 before the client has it.</summary>
    public ulong Number { get; set; }
}
