namespace Ductape.MassTransit.Publishing;

/// <summary>
/// A publish in its caller's scope that other callers may wait for. The caller may end the scope when its call is over;
/// so a caller that gives up waits for what runs in the scope, and what has not begun by then gets a scope of its own.
/// </summary>
/// <param name="publish">The publish.</param>
/// <param name="next">Sends it.</param>
internal sealed class ScopedSend(OutgoingPublish publish, PublishStep next)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _running;
    private bool _hasCallerLeft;

    public async Task<PublishResult> SendAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_hasCallerLeft)
                publish.Scope = null;
            else
                _running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            return await next(publish, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _running?.TrySetResult();
        }
    }

    /// <summary>The call is over: completes when the scope is not used any more.</summary>
    public Task LeaveAsync()
    {
        lock (_lock)
        {
            _hasCallerLeft = true;
            return _running?.Task ?? Task.CompletedTask;
        }
    }
}
