using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Filters;

/// <summary>A filter of the application's: its class, and the events that it is for.</summary>
/// <typeparam name="TFilter"><see cref="IPublishFilter"/> or <see cref="IDeliveryFilter"/>.</typeparam>
internal sealed class FilterRegistration<TFilter>(Type type, EventPattern events, IServiceCollection services)
    where TFilter : class
{
    // When the provider is there, nothing is registered any more.
    private readonly Lazy<bool> _isOfScope = new(() => services.LastOrDefault(x => x.ServiceType == type)?.Lifetime != ServiceLifetime.Singleton);

    public Type Type => type;

    public EventPattern Events => events;

    /// <summary>Whether it is resolved for each message, from its scope.</summary>
    public bool IsOfScope => _isOfScope.Value;

    public TFilter Resolve(IServiceProvider provider) => (TFilter)provider.GetRequiredService(type);
}
