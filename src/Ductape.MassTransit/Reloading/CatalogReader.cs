using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Configuration.Validation;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Reloading;

/// <summary>Reads the configuration anew, and makes a catalog of it.</summary>
internal sealed class CatalogReader(
    IOptionsFactory<DuctapeOptions> options, TransportSet transports, IEnumerable<ISecretResolver> resolvers, TopicSchemas schemas)
{
    /// <exception cref="OptionsValidationException">The configuration is not valid.</exception>
    public DuctapeOptions Read() => options.Create(Options.DefaultName);

    /// <exception cref="OptionsValidationException">A secret of the environment in use is missing.</exception>
    public async Task<CatalogConfig> BuildAsync(DuctapeOptions read, CancellationToken cancellationToken)
    {
        var catalog = CatalogBuilder.Build(read, transports, resolvers, schemas);
        await SecretCheck.RunAsync(catalog, transports.OnTestHarness, cancellationToken).ConfigureAwait(false);
        return catalog;
    }
}
