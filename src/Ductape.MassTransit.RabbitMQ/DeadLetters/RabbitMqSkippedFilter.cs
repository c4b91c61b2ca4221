using Ductape.MassTransit.RabbitMQ.Moving;
using MassTransit.RabbitMqTransport;

namespace Ductape.MassTransit.RabbitMQ.DeadLetters;

/// <summary>
/// Moves a message that no consumer of the endpoint takes to its <c>_skipped</c> queue, with the headers that
/// MassTransit gives it.
/// </summary>
internal sealed class RabbitMqSkippedFilter(RabbitMqMoves moves, Lazy<RabbitMqDestination> skipped) : IFilter<ReceiveContext>
{
    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        var properties = RabbitMqMoves.PropertiesOf(context);
        SendHeaders headers = new MoveTransportHeaders(properties);
        headers.SetHostHeaders();
        headers.Set(MessageHeaders.Reason, "dead-letter");
        await moves.MoveAsync(context, skipped.Value, properties, goesElsewhere: false).ConfigureAwait(false);
        await next.Send(context).ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("dead-letter");
}
