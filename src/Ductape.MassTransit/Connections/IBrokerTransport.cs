namespace Ductape.MassTransit;

/// <summary>
/// A kind of broker. The one seam for transports: implement it in a package of its own and register it with
/// <c>AddTransport&lt;T&gt;()</c>. Implementations are singletons and must be thread-safe.
/// </summary>
public interface IBrokerTransport
{
    /// <summary>The <c>Type</c> in the configuration that means this transport; a constant of <see cref="BrokerTypes"/> or one's own.</summary>
    string Type { get; }

    /// <summary>What the broker accepts as names.</summary>
    NamingRules Naming { get; }

    /// <summary>The largest payload in bytes, where the configuration does not say; null for no limit.</summary>
    int? MaxMessageSize { get; }

    /// <summary>How many messages the broker may push ahead, where the configuration does not say.</summary>
    int DefaultPrefetch { get; }

    /// <summary>New settings with their defaults, to which the <c>Config</c> section of a broker environment is bound.</summary>
    TransportSettings CreateSettings();

    /// <summary>Everything that is wrong with the settings, each as <c>Key: what is wrong and the remedy</c>, without secrets.</summary>
    IEnumerable<string> Validate(TransportSettings settings);

    /// <summary>A value that is equal for settings that can share one connection. Kept in memory only; may contain secrets.</summary>
    object GetConnectionKey(TransportSettings settings);

    /// <summary>The connection in words for logs, errors and health, without secrets.</summary>
    string Describe(TransportSettings settings);

    /// <summary>Creates the bus of a connection, not yet started.</summary>
    TransportBus CreateBus(TransportSettings settings);
}
