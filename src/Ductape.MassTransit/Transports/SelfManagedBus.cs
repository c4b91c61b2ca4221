using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>A bus that its connection starts and stops; the base for transports with a broker of their own.</summary>
[Experimental("DUCTAPE001")]
public abstract class SelfManagedBus : TransportBus
{
    private bool _started;

    /// <summary>The bus.</summary>
    protected abstract IBusControl Control { get; }

    /// <inheritdoc/>
    public sealed override IBus Bus => Control;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_started)
            return;

        _started = false;
        await Control.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts the bus where it is not started.</summary>
    protected async Task StartOnceAsync(CancellationToken cancellationToken)
    {
        if (_started)
            return;

        await Control.StartAsync(cancellationToken).ConfigureAwait(false);
        _started = true;
    }
}
