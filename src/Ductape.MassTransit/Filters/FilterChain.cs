using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Filters;

/// <summary>The application's filters of one kind, and which of them each event has. Thread-safe.</summary>
/// <typeparam name="TFilter"><see cref="IPublishFilter"/> or <see cref="IDeliveryFilter"/>.</typeparam>
internal sealed class FilterChain<TFilter>(IEnumerable<FilterRegistration<TFilter>> registrations, IServiceProvider provider)
    where TFilter : class
{
    private readonly FilterRegistration<TFilter>[] _registrations = [.. registrations];
    private readonly ConcurrentDictionary<string, FilterRegistration<TFilter>[]> _byEvent = new(StringComparer.Ordinal);

    /// <summary>Those of an event, in the order in which they were added.</summary>
    public ReadOnlySpan<FilterRegistration<TFilter>> Of(string @event) =>
        _registrations.Length == 0 ? [] : _byEvent.GetOrAdd(@event, Find, _registrations);

    /// <summary>Resolves the filters of an event.</summary>
    /// <param name="event">The event.</param>
    /// <param name="scope">The services of the message's scope.</param>
    public TFilter[] Resolve(string @event, IServiceProvider? scope)
    {
        var found = Of(@event);
        var filters = new TFilter[found.Length];
        for (var i = 0; i < found.Length; i++)
            filters[i] = found[i].Resolve(found[i].IsOfScope ? scope ?? provider : provider);
        return filters;
    }

    /// <summary>A scope for one message, or null where no filter of the event is resolved for each message.</summary>
    public MessageScope? BeginScope(string @event)
    {
        foreach (var registration in Of(@event))
        {
            if (registration.IsOfScope)
                return new MessageScope(provider.CreateAsyncScope());
        }

        return null;
    }

    private static FilterRegistration<TFilter>[] Find(string @event, FilterRegistration<TFilter>[] all) =>
        EventName.TryParse(@event, out var name) ? [.. all.Where(x => x.Events.Matches(name)).DistinctBy(x => x.Type)] : [];
}
