using Ductape.MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Routing;

/// <summary>
/// How the start of the application went, on MassTransit's test harness: before it, and after one that failed, a
/// publish would reach nobody and a test would only see that nothing came. Thread-safe.
/// </summary>
internal sealed class HarnessStart(TransportSet transports, Func<bool> hasSubscribers, IServiceProvider services)
{
    private readonly bool _isAsked = transports.OnTestHarness;
    private volatile bool _hasBegun;
    private volatile Exception? _failure;

    public void Begin()
    {
        _failure = null;
        _hasBegun = true;
    }

    public void Failed(Exception failure) => _failure = failure;

    /// <exception cref="DuctapeException">On the harness nothing is delivered.</exception>
    public void CheckPublish(Route route)
    {
        if (!_isAsked)
            return;

        Check(route, DuctapeErrorCodes.PublishFailed);
        // A test may start the bus alone where it has no subscriber that the start begins.
        if (!_hasBegun && (hasSubscribers() || services.GetService<IBusControl>()?.CheckHealth().Status == BusHealthStatus.Unhealthy))
        {
            throw route.Error(DuctapeErrorCodes.PublishFailed,
                "MassTransit's test harness was not started, so nobody would receive the message: call 'await provider.StartTestHarness()', or start the host, first.");
        }
    }

    /// <exception cref="DuctapeException">On the harness the start has failed.</exception>
    public void CheckSubscribe(Route route)
    {
        if (_isAsked)
            Check(route, DuctapeErrorCodes.SubscribeFailed);
    }

    private void Check(Route route, string code)
    {
        if (_failure is { } failure)
            throw route.Error(code, $"the start on MassTransit's test harness failed: {failure.Message}", failure);
    }
}
