using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A kind of broker. The one seam for transports: implement it in a package of its own and register it with
/// <c>AddTransport&lt;T&gt;()</c>. This is all that a transport needs; what else it knows are interfaces beside it,
/// which it implements or not: <see cref="IDeclaringTransport"/>, <see cref="IExistingQueueTransport"/>,
/// <see cref="IQueueUrlTransport"/>, <see cref="ILimitingTransport"/>, <see cref="ILintingTransport"/> and
/// <see cref="IUnavailableTransport"/>. Each says what is so without it. Implementations are singletons and must be
/// thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IBrokerTransport
{
    /// <summary>
    /// The <c>Type</c> in the configuration that means this transport; a constant of <see cref="BrokerTypes"/> or one's
    /// own.
    /// </summary>
    string Type { get; }

    /// <summary>How many messages the broker may push ahead, where the configuration does not say.</summary>
    int DefaultPrefetch { get; }

    /// <summary>
    /// New settings with their defaults, to which the <c>Config</c> section of a broker environment is bound.
    /// </summary>
    TransportSettings CreateSettings();

    /// <summary>
    /// Everything that is wrong with the settings, each under the path of its setting, as <c>Tls:CaCertificatePath</c>.
    /// Without secrets; <see cref="ConfigurationProblem.Quoted"/> shows a value. Called before the start, and again
    /// with what the secrets hold. Nulls where the types say that there are none, and half-written references to
    /// secrets, are problems before this is called. An exception is a problem too, and those returned before it count.
    /// </summary>
    IEnumerable<ConfigurationProblem> Validate(TransportSettings settings);

    /// <summary>What the broker accepts as names with these settings.</summary>
    NamingRules NamingOf(TransportSettings settings);

    /// <summary>
    /// The largest payload in bytes with these settings, where the configuration does not say; null for no limit.
    /// </summary>
    int? MaxMessageSizeOf(TransportSettings settings);

    /// <summary>
    /// A value that is equal for settings that can share one connection. Kept in memory only; may contain secrets.
    /// </summary>
    object GetConnectionKey(TransportSettings settings);

    /// <summary>The connection in words for logs, errors and health, without secrets.</summary>
    string Describe(TransportSettings settings);

    /// <summary>Creates the bus of a connection, not yet started.</summary>
    TransportBus CreateBus(TransportSettings settings);
}
