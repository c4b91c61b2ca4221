using MassTransit.Agents;
using MassTransit.RabbitMqTransport;

namespace Ductape.MassTransit.RabbitMQ.Connecting;

/// <summary>
/// Gives MassTransit the connection of a <see cref="RabbitMqLink"/>. MassTransit's own source opens one whenever
/// somebody asks and logs every attempt that fails.
/// </summary>
/// <param name="link">Whose connection.</param>
/// <param name="waits">
/// Whether whoever asks while there is none waits for it: a receive endpoint has nothing else to do. What is published
/// fails, and is sent once more when it is back.
/// </param>
internal sealed class RabbitMqConnectionSource(RabbitMqLink link, bool waits) : IPipeContextFactory<ConnectionContext>
{
    public IPipeContextAgent<ConnectionContext> CreateContext(ISupervisor supervisor)
    {
        var opened = GetAsync(supervisor.Stopping);
        var agent = supervisor.AddContext(opened);
        _ = StopWithAsync(opened, agent);
        return agent;
    }

    public IActivePipeContextAgent<ConnectionContext> CreateActiveContext(
        ISupervisor supervisor, PipeContextHandle<ConnectionContext> context, CancellationToken cancellationToken) =>
        supervisor.AddActiveContext(context, ShareAsync(context.Context, cancellationToken));

    private async Task<ConnectionContext> GetAsync(CancellationToken cancellationToken) =>
        waits ? await link.WaitAsync(cancellationToken).ConfigureAwait(false) : link.Get();

    private static async Task<ConnectionContext> ShareAsync(Task<ConnectionContext> context, CancellationToken cancellationToken) =>
        new SharedConnectionContext(await context.WaitAsync(cancellationToken).ConfigureAwait(false), cancellationToken);

    private static async Task StopWithAsync(Task<ConnectionContext> opened, IPipeContextAgent<ConnectionContext> agent)
    {
        await ((Task)opened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!opened.IsCompletedSuccessfully)
            return;

        var reason = await ((RabbitMqOpenConnection)opened.Result).Lost.ConfigureAwait(false);
        await agent.Stop(reason).ConfigureAwait(false);
    }
}
