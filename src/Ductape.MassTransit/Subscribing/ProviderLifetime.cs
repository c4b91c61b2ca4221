using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// Whether the application's service provider is still there. When it is disposed before the subscriptions were
/// stopped, what callbacks use is gone under them.
/// </summary>
internal sealed class ProviderLifetime(IServiceScopeFactory scopes)
{
    /// <summary>Asked when a callback has failed, so it costs the others nothing.</summary>
    public bool IsOver
    {
        get
        {
            try
            {
                scopes.CreateScope().Dispose();
                return false;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }
    }
}
