using System.Collections.Immutable;
using MassTransit.RetryPolicies;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// A topic's retries. MassTransit's own wait by a clock of theirs, and nobody but the end of the connection ends the
/// wait; these wait in <see cref="RetryWaits"/>.
/// </summary>
/// <param name="filter">Which exceptions are tried again.</param>
/// <param name="delays">The wait before each retry.</param>
/// <param name="jitter">Whether each wait is drawn anew for each retry, between half of it and the whole.</param>
/// <param name="waits">Where messages wait.</param>
internal sealed class RetryPolicy(IExceptionFilter filter, ImmutableArray<TimeSpan> delays, bool jitter, RetryWaits waits) : IRetryPolicy
{
    public RetryPolicyContext<T> CreatePolicyContext<T>(T context)
        where T : class, PipeContext => new PolicyContext<T>(this, context);

    public bool IsHandled(Exception exception) => filter.Match(exception);

    public void Probe(ProbeContext context) => context.Set(new { Policy = jitter ? "JitteredInterval" : "Interval", Limit = delays.Length, Intervals = delays });

    private bool CanRetry(Exception exception, int count) => count < delays.Length && filter.Match(exception);

    private Task WaitAsync(PipeContext context, int count) => waits.WaitAsync(
        (ConsumeContext)context, jitter ? delays[count] * (0.5 + (Random.Shared.NextDouble() / 2)) : delays[count]);

    private sealed class PolicyContext<T>(RetryPolicy policy, T context) : RetryPolicyContext<T>
        where T : class, PipeContext
    {
        public T Context => context;

        public bool CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            retryContext = new AttemptRetry<T>(policy, context, exception, 0);
            return policy.CanRetry(exception, 0);
        }

        public Task RetryFaulted(Exception exception) => Task.CompletedTask;

        // A retry goes by the message's own token.
        public void Cancel()
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class AttemptRetry<T>(RetryPolicy policy, T context, Exception exception, int count)
        : BaseRetryContext<T>(context, exception, count, context.CancellationToken), RetryContext<T>
        where T : class, PipeContext
    {
        private readonly RetryPolicy _policy = policy;

        // After the delay that MassTransit's filter would wait, of which there is none.
        public override Task PreRetry() => _policy.WaitAsync(Context, RetryCount);

        public bool CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            retryContext = new AttemptRetry<T>(_policy, Context, exception, RetryCount + 1);
            return _policy.CanRetry(exception, RetryAttempt);
        }
    }
}
