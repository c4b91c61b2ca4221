using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Filters;

/// <summary>The scope of one message, for filters that are resolved for each.</summary>
internal sealed class MessageScope(AsyncServiceScope scope) : IAsyncDisposable
{
    public IServiceProvider Services => scope.ServiceProvider;

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
