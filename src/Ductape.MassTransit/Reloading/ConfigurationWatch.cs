using Ductape.MassTransit.Configuration.Binding;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// Listens for changes of the configuration sections that the options are bound from, and to whatever else the
/// application has said may change them.
/// </summary>
internal sealed class ConfigurationWatch : IDisposable
{
    private readonly IServiceProvider _services;
    private readonly IDisposable[] _registrations;

    public ConfigurationWatch(IEnumerable<SectionBinding> bindings, IServiceProvider services)
    {
        _services = services;
        var configuration = services.GetService<IConfiguration>();
        var sections = bindings.Select(x => x.Section ?? configuration?.GetSection(x.Path)).OfType<IConfiguration>().ToArray();
        // The application's connection strings may be in another configuration than a section that was given.
        if (sections.Length > 0 && configuration is not null)
            sections = [.. sections, configuration.GetSection("ConnectionStrings")];
        _registrations =
        [
            .. sections.Select(x => ChangeToken.OnChange(x.GetReloadToken, OnChange)),
            .. services.GetServices<IOptionsChangeTokenSource<DuctapeOptions>>()
                .Where(x => string.IsNullOrEmpty(x.Name)).Select(x => ChangeToken.OnChange(x.GetChangeToken, OnChange)),
        ];
    }

    /// <summary>Whether anything can change at all: options that are set in code alone cannot.</summary>
    public bool IsWatching => _registrations.Length > 0;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void OnChange()
    {
        try
        {
            _services.GetRequiredService<CatalogReload>().Request();
        }
        catch (ObjectDisposedException)
        {
            // The application ends.
        }
    }
}
