using Ductape.MassTransit.RabbitMQ.Channels;
using Ductape.MassTransit.RabbitMQ.Connecting;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.RabbitMQ.Publishing;

/// <summary>A channel that is opened and closed by itself, on whatever connection there is. Thread-safe.</summary>
internal sealed class RabbitMqPublishChannel
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan LongestRetirement = TimeSpan.FromMinutes(5);

    private readonly ChannelContextSupervisor _supervisor;
    private readonly long _opened = TimeProvider.System.GetTimestamp();
    private volatile bool _isReplaced;

    private RabbitMqPublishChannel(ChannelContextSupervisor supervisor, RabbitMqChannel context)
    {
        (_supervisor, Context) = (supervisor, context);
        supervisor.AddSendAgent(new RabbitMqPublishDrain(() => context.Calls));
    }

    /// <summary>MassTransit's context of it.</summary>
    public RabbitMqChannel Context { get; }

    public IConnection Connection => Context.ConnectionContext.Connection;

    /// <summary>Set before it is published on.</summary>
    public RabbitMqDeclarationPeriod Period { get; set; } = null!;

    public TimeSpan Age => TimeProvider.System.GetElapsedTime(_opened);

    /// <summary>Whether others take its place. What was published on it before is still answered.</summary>
    public bool IsReplaced => _isReplaced;

    public bool IsUsable => !_isReplaced && Context.Channel.IsOpen;

    public static async Task<RabbitMqPublishChannel> OpenAsync(IConnectionContextSupervisor connections)
    {
        var supervisor = new ChannelContextSupervisor(connections, null);
        RabbitMqChannel? context = null;
        var open = Pipe.Execute<ChannelContext>(x =>
        {
            // Thrown inside of MassTransit's pipe, for it to drop the channel.
            if (!x.Channel.IsOpen)
                throw new AlreadyClosedException(x.Channel.CloseReason!);
            context = x.GetPayload<RabbitMqChannel>();
        });
        try
        {
            await supervisor.Send(open, CancellationToken.None).ConfigureAwait(false);
            return new RabbitMqPublishChannel(supervisor, context!);
        }
        catch
        {
            _ = CloseAsync(supervisor);
            throw;
        }
    }

    public void Replace() => _isReplaced = true;

    /// <summary>
    /// Closes it when all that waits on it has been answered, or at once where the server or the connection has closed
    /// it. What has no answer after some minutes is not waited for: whoever published it has long been told.
    /// </summary>
    public async Task RetireAsync()
    {
        _isReplaced = true;
        // Whoever took it a moment ago may still write to it, and a server closes the whole connection when something
        // comes on a channel that it has closed.
        Context.Confirmations.Refuse(new AlreadyClosedException(new ShutdownEventArgs(ShutdownInitiator.Application, Constants.ReplySuccess, "The channel was replaced.")));
        await Context.Calls.DrainAsync().WaitAsync(LongestRetirement, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Replaces it once the server has left a publish without an answer for long. The leader of a quorum queue may be
    /// on a node that answers nothing; a channel that is opened once there is another leader works. Under an alarm the
    /// server answers nothing, either.
    /// </summary>
    public async Task ReplaceWhenSilentAsync()
    {
        using var timer = new PeriodicTimer(BetweenLooks);
        AsyncEventHandler<ShutdownEventArgs> end = (_, _) =>
        {
            timer.Dispose();
            return Task.CompletedTask;
        };
        Context.Channel.ChannelShutdownAsync += end;
        var (oldest, since) = (0ul, TimeProvider.System.GetTimestamp());
        while (IsUsable && await timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            var waiting = Context.ConnectionContext.TryGetPayload(out RabbitMqOpenConnection? open) && open.Blocked is not null ? 0 : Context.Confirmations.Oldest;
            if (waiting == 0 || waiting != oldest)
                (oldest, since) = (waiting, TimeProvider.System.GetTimestamp());
            else if (TimeProvider.System.GetElapsedTime(since) >= LongestSilence)
                Replace();
        }

        Context.Channel.ChannelShutdownAsync -= end;
    }

    /// <summary>Closes it, and with it what waits on it.</summary>
    public Task CloseAsync() => CloseAsync(_supervisor);

    private static async Task CloseAsync(ChannelContextSupervisor supervisor) =>
        await supervisor.Stop("The channel is not needed any more.").ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
