using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit;

/// <summary>Where a broker lives in one environment.</summary>
public sealed class BrokerEnvOptions
{
    /// <summary>A constant of <see cref="BrokerTypes"/>. Required.</summary>
    public string? Type { get; set; }

    /// <summary>
    /// The settings of the transport as configuration; which keys there are depends on <see cref="Type"/>.
    /// </summary>
    public IConfigurationSection? Config { get; set; }

    /// <summary>
    /// The settings of the transport as an object, for configuration in code. Wins over <see cref="Config"/>.
    /// </summary>
    [NotFromConfiguration]
    public TransportSettings? Settings { get; set; }

    /// <summary>
    /// What travels: <see cref="MessageFormat.Envelope"/> (MassTransit's JSON envelope) or
    /// <see cref="MessageFormat.Json"/> (the bare payload, for peers that know nothing of MassTransit).
    /// <value>Default: <see cref="MessageFormat.Envelope"/>.</value>
    /// </summary>
    public MessageFormat Format { get; set; }

    /// <summary>
    /// The largest payload with its headers in bytes; a larger one is <see cref="DuctapeErrorCodes.MessageTooLarge"/>
    /// before anything is sent.
    /// <value>Default: the transport's, for RabbitMQ 16 MiB less 64 KiB for the envelope, in memory no limit.</value>
    /// </summary>
    public int? MaxMessageSize { get; set; }
}
