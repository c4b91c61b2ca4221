using Ductape.MassTransit.Configuration.Validation;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Filters;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Hosting;

/// <summary>
/// What the start looks at in a configuration that is valid: whether the secrets are there, and what somebody should
/// know.
/// </summary>
internal sealed class StartChecks(CurrentCatalog catalog, TransportSet transports, UnusedFilters unusedFilters, ILogger<DuctapeHostedService> logger)
{
    /// <exception cref="InvalidConfigurationException">A secret of the environment in use is missing.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SecretCheck.RunAsync(catalog.Catalog, transports.OnTestHarness, cancellationToken).ConfigureAwait(false);
        foreach (var list in catalog.Options.MergedLists)
            logger.ListMerged(list);
        WarnOfSubscribersOnHost();
        unusedFilters.Tell(catalog.Catalog);
    }

    // The application's bus has a topology of its own, and only MassTransit knows how to declare there.
    private void WarnOfSubscribersOnHost()
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var product in catalog.Catalog.Products.Values)
        {
            foreach (var broker in product.Brokers.Values.Where(x => told.Add(x.Path)))
            {
                if (catalog.Catalog.DefaultEnv is not { } env || broker.Envs.GetValueOrDefault(env)?.Type != BrokerTypes.Host)
                    continue;

                foreach (var topic in broker.Topics.Values.Where(x => !x.Subscribers.IsEmpty))
                    logger.SubscribersNotDeclared(broker.Tag, product.Tag, env, $"{broker.Tag}:{topic.Tag}");
            }
        }
    }
}
