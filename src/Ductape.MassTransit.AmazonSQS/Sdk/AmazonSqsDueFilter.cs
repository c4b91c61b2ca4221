namespace Ductape.MassTransit;

/// <summary>Puts a message back that waits longer than SQS hides one, before anything else sees it.</summary>
internal sealed class AmazonSqsDueFilter(string queue, AmazonSqsHandedOut handedOut) : IFilter<ReceiveContext>
{
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        var message = context.GetPayload<AmazonSqsMessageContext>().TransportMessage;
        handedOut.Begin(message);
        return AmazonSqsDelay.RemainingOf(AmazonSqsCopy.TextOf(message, AmazonSqsDelay.DueHeader), TimeProvider.System.GetUtcNow()) is { } left
            ? AmazonSqsRedelivery.PutAsync(context, queue, left, [])
            : next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("ductapeDue");
}
