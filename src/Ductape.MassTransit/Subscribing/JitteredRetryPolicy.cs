using System.Collections.Immutable;
using MassTransit.RetryPolicies;

namespace Ductape.MassTransit;

/// <summary>MassTransit's retry at intervals, each drawn anew for each retry between half of it and the whole.</summary>
internal sealed class JitteredRetryPolicy(IExceptionFilter filter, ImmutableArray<TimeSpan> delays) : IRetryPolicy
{
    public RetryPolicyContext<T> CreatePolicyContext<T>(T context)
        where T : class, PipeContext => new PolicyContext<T>(this, context);

    public bool IsHandled(Exception exception) => filter.Match(exception);

    public void Probe(ProbeContext context) => context.Set(new { Policy = "JitteredInterval", Limit = delays.Length, Intervals = delays });

    private sealed class PolicyContext<T>(JitteredRetryPolicy policy, T context) : BaseRetryPolicyContext<T>(policy, context)
        where T : class, PipeContext
    {
        protected override RetryContext<T> CreateRetryContext(Exception exception, CancellationToken cancellationToken) =>
            new Retry<T>(policy, Context, exception, 0, cancellationToken);
    }

    private sealed class Retry<T>(JitteredRetryPolicy policy, T context, Exception exception, int count, CancellationToken cancellationToken)
        : BaseRetryContext<T>(context, exception, count, cancellationToken), RetryContext<T>
        where T : class, PipeContext
    {
        private readonly JitteredRetryPolicy _policy = policy;

        public override TimeSpan? Delay { get; } = policy.Draw(count);

        public bool CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            retryContext = new Retry<T>(_policy, Context, Exception, RetryCount + 1, CancellationToken);
            return _policy.HasRetry(RetryAttempt) && _policy.IsHandled(exception);
        }
    }

    private bool HasRetry(int index) => index < delays.Length;

    private TimeSpan? Draw(int index) => HasRetry(index) ? delays[index] * (0.5 + (Random.Shared.NextDouble() / 2)) : null;
}
