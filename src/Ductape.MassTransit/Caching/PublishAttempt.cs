namespace Ductape.MassTransit;

/// <summary>One caller's publish, which runs unless somebody else's is kept or under way.</summary>
internal sealed class PublishAttempt(PublishIdentity identity, TimeSpan window, TimeProvider time, Func<CancellationToken, Task<PublishResult>> send)
{
    // The cache runs a publish that can be cancelled on a thread of its own; the caller's trace goes along.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    /// <summary>Whether it was this caller's publish that was sent.</summary>
    public bool Ran { get; private set; }

    public ValueTask<KeptPublish> RunAsync(CancellationToken cancellationToken)
    {
        Ran = true;
        if (_context is null)
            return new ValueTask<KeptPublish>(SendAsync(cancellationToken));

        Task<KeptPublish>? sending = null;
        ExecutionContext.Run(_context, _ => sending = SendAsync(cancellationToken), null);
        return new ValueTask<KeptPublish>(sending!);
    }

    private async Task<KeptPublish> SendAsync(CancellationToken cancellationToken)
    {
        var result = await send(cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        return new KeptPublish(result, identity.Message, now, now + window);
    }
}
