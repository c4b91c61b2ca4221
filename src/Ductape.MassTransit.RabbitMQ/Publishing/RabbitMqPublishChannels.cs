using Ductape.MassTransit.RabbitMQ.Confirming;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Publishing;

/// <summary>
/// The channel that a bus publishes on, and the next one where it does not work any more. When the node with the leader
/// of a quorum queue dies, RabbitMQ may refuse all that comes on a channel until that node is back; a channel that is
/// opened once there is another leader works. Thread-safe.
/// </summary>
/// <param name="connections">The connection at the moment.</param>
/// <param name="refusals">Is told what is refused and confirmed.</param>
internal sealed class RabbitMqPublishChannels(Func<IConnectionContextSupervisor> connections, RabbitMqRefusals refusals)
{
    // A queue may just be full.
    private static readonly TimeSpan BetweenChannels = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile RabbitMqPublishChannel? _current;
    private Task<RabbitMqPublishChannel>? _opening;

    /// <summary>The channel. Whoever gives up waiting leaves the attempt to the others.</summary>
    public Task<RabbitMqPublishChannel> GetAsync()
    {
        lock (_lock)
        {
            if (_current is { IsUsable: true } current)
                return Task.FromResult(current);
            return _opening is { IsCompleted: false } ? _opening : _opening = OpenNextAsync(_current);
        }
    }

    /// <summary>Opens another channel on the same connection, for whoever closes it.</summary>
    public Task<RabbitMqPublishChannel> OpenAsync() => RabbitMqPublishChannel.OpenAsync(connections());

    // The server has confirmed something on a channel.
    private void Confirmed(RabbitMqPublishChannel channel, List<RabbitMqPublish> publishes)
    {
        channel.Period.Confirmed();
        refusals.Confirmed(publishes);
    }

    // The server has refused messages. True where they are to be published once more.
    private bool Refused(RabbitMqPublishChannel channel, List<RabbitMqPublish> publishes)
    {
        var isUnsettled = channel.Period.IsUnsettled;
        if (isUnsettled || channel.Age >= BetweenChannels)
            channel.Replace();
        refusals.Refused(publishes);
        return isUnsettled;
    }

    private async Task<RabbitMqPublishChannel> OpenNextAsync(RabbitMqPublishChannel? before)
    {
        if (before is { IsReplaced: true } && BetweenChannels - before.Age is { Ticks: > 0 } wait)
            await Task.Delay(wait, TimeProvider.System).ConfigureAwait(false);
        var next = await OpenAsync().ConfigureAwait(false);
        Use(next, before);
        return next;
    }

    private void Use(RabbitMqPublishChannel next, RabbitMqPublishChannel? before)
    {
        next.Period = PeriodOf(next, before);
        next.Context.Confirmations.Answers = new RabbitMqAnswerHandlers(publishes => Confirmed(next, publishes), publishes => Refused(next, publishes));
        _current = next;
        _ = next.ReplaceWhenSilentAsync();
        if (before is not null)
            _ = before.RetireAsync();
    }

    private static RabbitMqDeclarationPeriod PeriodOf(RabbitMqPublishChannel next, RabbitMqPublishChannel? before)
    {
        if (before?.Connection != next.Connection)
            return new RabbitMqDeclarationPeriod(next.Connection, isReconnected: before is not null, lacksExchange: false);
        return before.Context.Channel.CloseReason is { Initiator: ShutdownInitiator.Peer } reason
            ? before.Period.Next(isExchangeMissing: reason.ReplyCode == Constants.NotFound)
            : before.Period;
    }
}
