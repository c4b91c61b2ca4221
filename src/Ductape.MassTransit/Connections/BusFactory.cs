using Ductape.MassTransit.Configuration.Validation;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Secrets;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Connections;

/// <summary>Creates the bus of a connection from its settings, with the secrets that they refer to.</summary>
internal sealed class BusFactory(
    IBrokerTransport transport, TransportSettings settings, string settingsPath, SecretReferences secrets, ILoggerFactory loggers, ILogger<Connection> logger)
{
    public string TransportType => transport.Type;

    /// <summary>The broker in words, without secrets.</summary>
    public string Description { get; } = $"{transport.Type} ({transport.Describe(settings)})";

    /// <summary>Hides the secrets of the settings in what the broker's client says.</summary>
    public SecretMask Mask => secrets.Mask;

    /// <exception cref="DuctapeException">A secret is not there, or does not fit.</exception>
    public async Task<TransportBus> CreateAsync(CancellationToken cancellationToken)
    {
        var expanded = await SecretSettings.ExpandAsync(settings, settingsPath, secrets, cancellationToken).ConfigureAwait(false);
        // What a secret held was not there to be validated before.
        if (expanded != settings && SecretCheck.Problems(transport, settings, expanded, settingsPath, secrets).FirstOrDefault() is { } problem)
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput, problem.ToString());

        LogContext.ConfigureCurrentLogContext(new MaskedLoggers(loggers, Mask));
        var bus = transport.CreateBus(expanded);
        bus.Troubles.Began = x => logger.TroubleBegan(Description, Mask.Hide(x));
        bus.Troubles.Ended = x => logger.TroubleEnded(Description, Mask.Hide(x));
        return bus;
    }
}
