using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A kind of broker. The one seam for transports: implement it in a package of its own and register it with
/// <c>AddTransport&lt;T&gt;()</c>. Implementations are singletons and must be thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
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

    /// <summary>Everything that is wrong with the settings, each under the path of its setting, as <c>Tls:CaCertificatePath</c>.</summary>
    IEnumerable<ConfigurationProblem> Validate(TransportSettings settings);

    /// <summary>
    /// Everything that is wrong with a topic on this transport, each under the path of its option. <value>Default: nothing.</value>
    /// </summary>
    IEnumerable<ConfigurationProblem> ValidateTopic(TopicOptions topic, TransportSettings settings) => [];

    /// <summary>
    /// Whether <see cref="TopicOptions.Declare"/> and <see cref="TopicOptions.Arguments"/> mean anything to the transport. <value>Default: false.</value>
    /// </summary>
    bool TakesArguments => false;

    /// <summary>A value that is equal for settings that can share one connection. Kept in memory only; may contain secrets.</summary>
    object GetConnectionKey(TransportSettings settings);

    /// <summary>The connection in words for logs, errors and health, without secrets.</summary>
    string Describe(TransportSettings settings);

    /// <summary>
    /// Why this build cannot connect, and the remedy, or null: names, settings and <see cref="CatalogLint"/> work all the same.
    /// <value>Default: null.</value>
    /// </summary>
    string? Unavailable => null;

    /// <summary>What the broker accepts as names with these settings. <value>Default: <see cref="Naming"/>.</value></summary>
    NamingRules NamingOf(TransportSettings settings) => Naming;

    /// <summary>The largest payload in bytes with these settings. <value>Default: <see cref="MaxMessageSize"/>.</value></summary>
    int? MaxMessageSizeOf(TransportSettings settings) => MaxMessageSize;

    /// <summary>
    /// The existing queue that every message is sent to and that subscribers compete on, or null for a topic with a queue for each
    /// subscriber. <value>Default: null.</value>
    /// </summary>
    string? ExistingQueue(TransportSettings settings) => null;

    /// <summary>
    /// The settings for a topic with a queue URL of its own, Ductape's <c>queueUrls</c>; null where such a URL means nothing to the
    /// transport and is ignored. <value>Default: null.</value>
    /// </summary>
    TransportSettings? AtQueueUrl(TransportSettings settings, string queueUrl) => null;

    /// <summary>
    /// Whether all headers travel as one with <see cref="MessageFormat.Json"/>, for brokers that allow but a few.
    /// <value>Default: false.</value>
    /// </summary>
    bool PacksHeaders => false;

    /// <summary>What else is checked of a message before it is sent, or null. <value>Default: null.</value></summary>
    IMessageLimits? Limits => null;

    /// <summary>What <see cref="CatalogLint"/> should know of a topic on this transport. <value>Default: nothing.</value></summary>
    IEnumerable<LintFinding> Lint(TopicPlan topic) => [];

    /// <summary>Creates the bus of a connection, not yet started.</summary>
    TransportBus CreateBus(TransportSettings settings);
}
