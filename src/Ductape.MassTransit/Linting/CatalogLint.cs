using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Configuration.Validation;
using Ductape.MassTransit.Linting;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit;

/// <summary>
/// Looks at every topic in every environment as if that one were in use, so that what would go wrong in production
/// shows on a laptop: wrong settings, names that do not fit or meet, payload limits, ordering, waits that are too long,
/// transports that are missing, secrets that nothing has. Connects to nothing.
/// </summary>
public static class CatalogLint
{
    /// <summary>
    /// Checks a configuration, for tests: <c>Assert.DoesNotContain(await CatalogLint.RunAsync(…), x => x.Severity ==
    /// LintSeverity.Error)</c>.
    /// </summary>
    /// <param name="configuration">The application's configuration, with its <c>Ductape</c> section.</param>
    /// <param name="add">Adds the transports and whatever else the application adds, <c>x => x.AddRabbitMq()</c>.
    /// Default: nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The findings, the worst first.</returns>
    public static async Task<IReadOnlyList<LintFinding>> RunAsync(
        IConfiguration configuration, Action<IDuctapeMessageBrokerBuilder>? add = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var services = new ServiceCollection().AddSingleton(configuration);
        var builder = services.AddDuctapeMessageBroker();
        add?.Invoke(builder);
        var provider = services.BuildServiceProvider();
        await using (provider.ConfigureAwait(false))
            return await RunAsync(provider, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Checks the configuration of an application, from its services; the application need not be started, nor its
    /// configuration be valid.
    /// </summary>
    /// <param name="services">Services with <c>AddDuctapeMessageBroker()</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The findings, the worst first.</returns>
    public static async Task<IReadOnlyList<LintFinding>> RunAsync(IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        var transports = services.GetRequiredService<TransportSet>();
        var schemas = services.GetRequiredService<TopicSchemas>();
        // What does not validate must be looked at too.
        var options = services.GetRequiredService<ValidatedOptionsFactory>().CreateUnvalidated(Options.DefaultName);
        var problems = services.GetRequiredService<DuctapeOptionsValidator>().Validate(options);
        var findings = problems.Select(x => LintFinding.Of(x, LintSeverity.Error)).ToList();
        var isReadable = problems.All(x => x.Code is DuctapeErrorCodes.TransportNotRegistered or DuctapeErrorCodes.BrokerTypeNotSupported);

        findings.AddRange(ConfigurationLint.Transports(options, transports).ExceptBy(findings.Select(x => x.Path), x => x.Path));
        if (isReadable)
        {
            var catalog = CatalogBuilder.Build(options, transports, services.GetServices<ISecretResolver>(), schemas);
            findings.AddRange(ConfigurationLint.Product(options));
            findings.AddRange(TopicLint.Check(catalog));
            findings.AddRange(await SecretLint.CheckAsync(catalog, cancellationToken).ConfigureAwait(false));
        }

        return [.. findings.Distinct().OrderByDescending(x => x.Severity).ThenBy(x => x.Path, StringComparer.Ordinal)];
    }
}
