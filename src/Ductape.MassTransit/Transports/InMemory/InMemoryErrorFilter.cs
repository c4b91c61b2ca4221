namespace Ductape.MassTransit.Transports.InMemory;

/// <summary>
/// Moves a message that failed for good to the dead letters of its queue, with all its headers and why it failed.
/// </summary>
internal sealed class InMemoryErrorFilter(InMemoryDeadLetterQueue deadLetters) : IFilter<ExceptionReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        context.ExceptionHeaders.SetHostHeaders();
        return deadLetters.AddAsync(InMemoryCopy.Of(context, context.ExceptionHeaders.GetAll()));
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("moveFault");
}
