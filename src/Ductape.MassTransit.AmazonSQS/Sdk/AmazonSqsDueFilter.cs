namespace Ductape.MassTransit;

/// <summary>Puts a message back that waits longer than SQS hides one, before anything else sees it.</summary>
internal sealed class AmazonSqsDueFilter(string queue) : IFilter<ReceiveContext>
{
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        var due = AmazonSqsCopy.TextOf(context.GetPayload<AmazonSqsMessageContext>().TransportMessage, AmazonSqsDelay.DueHeader);
        return AmazonSqsDelay.LeftOf(due, TimeProvider.System.GetUtcNow()) is { } left
            ? AmazonSqsRedelivery.PutAsync(context, queue, left, [])
            : next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("ductapeDue");
}
