using Ductape.MassTransit.RabbitMQ.Moving;
using MassTransit.RabbitMqTransport;

namespace Ductape.MassTransit.RabbitMQ.DeadLetters;

/// <summary>
/// Moves a message that failed for good to its <c>_error</c> queue, with the headers that MassTransit gives it.
/// MassTransit's own way publishes on the connection that the message came on.
/// </summary>
internal sealed class RabbitMqErrorFilter(RabbitMqMoves moves, Lazy<RabbitMqDestination> errors) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        var properties = RabbitMqMoves.PropertiesOf(context);
        var headers = new MoveTransportHeaders(properties);
        ((SendHeaders)headers).SetHostHeaders();
        headers.CopyFrom(context.ExceptionHeaders);
        properties.ClearExpiration();
        await moves.MoveAsync(context, errors.Value, properties, goesElsewhere: false).ConfigureAwait(false);
        await next.Send(context).ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("moveFault");
}
