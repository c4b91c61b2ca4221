namespace Ductape.MassTransit.Caching;

/// <summary>One caller's publish, which runs unless somebody else's is kept or under way.</summary>
/// <param name="identity">What is published.</param>
/// <param name="window">How long it is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="send">Sends it.</param>
/// <param name="keep">Keeps the result where others see it, before anybody gets it; or null.</param>
internal sealed class PublishAttempt(PublishIdentity identity, TimeSpan window, TimeProvider time,
    Func<CancellationToken, Task<PublishResult>> send, Func<KeptPublish, ValueTask>? keep)
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
        var kept = new KeptPublish(result, identity.Message, now, now + window);
        if (keep is not null)
            await keep(kept).ConfigureAwait(false);
        return kept;
    }
}
