using System.Text;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>
/// A client that knows nothing of this library and does what it takes: another node after a failure, a new channel for
/// every message.
/// </summary>
internal sealed class BareClient(IEnumerable<RabbitMqNode> nodes, string exchange)
{
    private const int Enough = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly RabbitMqNode[] _nodes = [.. nodes];

    /// <summary>Publishes until some messages in a row are confirmed.</summary>
    /// <returns>How long that took from a moment.</returns>
    public async Task<TimeSpan> ResumesAsync(long since, TimeSpan deadline)
    {
        var confirmed = 0;
        for (var i = 0; confirmed < Enough && TimeProvider.System.GetElapsedTime(since) < deadline;)
        {
            IConnection? connection = null;
            try
            {
                connection = await ConnectAsync(_nodes[i % _nodes.Length]).WaitAsync(Patience);
                for (; confirmed < Enough; confirmed++)
                    await PublishAsync(connection).WaitAsync(Patience);
            }
            catch (Exception)
            {
                confirmed = 0;
                i++;
                await Task.Delay(100);
            }

            // A node that does not answer does not confirm that it is closed either.
            if (connection is not null)
                _ = connection.AbortAsync();
        }

        return TimeProvider.System.GetElapsedTime(since);
    }

    private static Task<IConnection> ConnectAsync(RabbitMqNode node) => new ConnectionFactory
    {
        Uri = new Uri(node.Url),
        AutomaticRecoveryEnabled = false,
        RequestedConnectionTimeout = Patience,
        HandshakeContinuationTimeout = Patience,
        SocketReadTimeout = Patience,
    }.CreateConnectionAsync();

    // In MassTransit's envelope, so that the subscription can read it.
    private async Task PublishAsync(IConnection connection)
    {
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var parts = exchange.Split('-');
        await channel.BasicPublishAsync(exchange, "", mandatory: false,
            new BasicProperties { Persistent = true, ContentType = "application/vnd.masstransit+json" },
            Encoding.UTF8.GetBytes($$"""{"messageId":"{{Guid.NewGuid()}}","messageType":["urn:message:ductape:{{parts[0]}}:{{parts[1]}}"],"message":-1}"""));
    }
}
