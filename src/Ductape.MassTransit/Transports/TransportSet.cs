using System.Collections.Concurrent;
using Ductape.MassTransit.Diagnostics;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Transports;

/// <summary>The registered transports, by type.</summary>
internal sealed class TransportSet
{
    private readonly ConcurrentDictionary<string, IBrokerTransport> _byType = new(StringComparer.OrdinalIgnoreCase);

    private readonly bool _hasHostBus;

    public TransportSet(IEnumerable<IBrokerTransport> transports, IServiceProviderIsService services)
    {
        _hasHostBus = services.IsService(typeof(IBus));
        OnTestHarness = services.IsService(typeof(ITestHarness));
        foreach (var transport in transports)
        {
            if (!_byType.TryAdd(transport.Type, transport))
            {
                throw new InvalidOperationException(
                    $"Two transports are registered for the broker type {transport.Type}: {_byType[transport.Type].GetType()} and "
                    + $"{transport.GetType()}. Remove one of the two registrations.");
            }
        }
    }

    /// <summary>Whether MassTransit's test harness is registered, on whose bus every route then runs.</summary>
    public bool OnTestHarness { get; }

    public IBrokerTransport? Find(string type)
    {
        if (_byType.TryGetValue(type, out var transport))
            return transport;

        // On the harness every route runs on the harness's bus, so the package of its own transport is not needed.
        return OnTestHarness ? _byType.GetOrAdd(type, x => new TestHarnessTransport(x)) : null;
    }

    /// <summary>Why a broker type cannot be used, with its code, or null when it can.</summary>
    /// <param name="type">The broker type.</param>
    /// <param name="path">Where it is written.</param>
    public ConfigurationProblem? Problem(string type, string path)
    {
        if (string.Equals(type, BrokerTypes.Host, StringComparison.OrdinalIgnoreCase) && !_hasHostBus)
        {
            return new(path, $"the broker type '{type}' is the application's own MassTransit bus, and there is none", "call services.AddMassTransit(...)")
            {
                Code = DuctapeErrorCodes.TransportNotRegistered,
            };
        }

        if (OnTestHarness)
            return null;
        if (_byType.TryGetValue(type, out var transport))
        {
            return transport is IUnavailableTransport { Unavailable: var reason }
                ? new(path, $"the broker type '{type}' cannot be used in this build: {reason}") { Code = DuctapeErrorCodes.TransportNotRegistered }
                : null;
        }

        if (BrokerTypes.Supported.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            return new(path, $"the broker type '{type}' has no transport registered", BrokerTypes.RegistrationOf(type.ToUpperInvariant()))
            {
                Code = DuctapeErrorCodes.TransportNotRegistered,
            };
        }

        var supported = $"Supported: {string.Join(", ", BrokerTypes.Supported.Union(_byType.Keys, StringComparer.OrdinalIgnoreCase))}.";
        return BrokerTypes.KnownToDuctape.Contains(type, StringComparer.OrdinalIgnoreCase)
            ? new(path, $"the broker type '{type}' is one of Ductape's, but not supported by this library", supported)
            {
                Code = DuctapeErrorCodes.BrokerTypeNotSupported,
            }
            : new(path, $"the broker type {ConfigurationProblem.Quoted(type)} is not known", $"{NearMiss.Suggest(type, BrokerTypes.Supported.Union(_byType.Keys))} {supported}".TrimStart())
            {
                Code = DuctapeErrorCodes.BrokerTypeNotSupported,
            };
    }
}
