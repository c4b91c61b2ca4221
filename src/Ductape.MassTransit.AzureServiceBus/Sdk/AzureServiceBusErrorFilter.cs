namespace Ductape.MassTransit;

/// <summary>
/// Moves a message that failed for good to its <c>_error</c> queue. MassTransit's own way gives that queue sessions
/// where the queue has them, so that nobody can go through it, forgets how often a message was redelivered, and does
/// not cut a long stack trace.
/// </summary>
internal sealed class AzureServiceBusErrorFilter(string errorQueue, AzureServiceBusSenders senders, Func<string, CancellationToken, Task> create)
    : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        context.ExceptionHeaders.SetHostHeaders();
        var headers = AzureServiceBusFailure.Fit(context.ExceptionHeaders.GetAll(), context.GetPayload<ServiceBusMessageContext>().Properties);
        await create(errorQueue, context.CancellationToken).ConfigureAwait(false);
        await senders.SendAsync(errorQueue, AzureServiceBusCopy.Of(context, headers), context.CancellationToken).ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("moveFault");
}
