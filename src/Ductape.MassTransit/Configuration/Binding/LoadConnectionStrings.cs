using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>
/// Keeps the application's connection strings with the options, as they are at this moment, for settings that name one.
/// </summary>
internal sealed class LoadConnectionStrings(IConfiguration? configuration = null) : IPostConfigureOptions<DuctapeOptions>
{
    public void PostConfigure(string? name, DuctapeOptions options)
    {
        foreach (var entry in configuration?.GetSection("ConnectionStrings").GetChildren() ?? [])
        {
            if (!string.IsNullOrWhiteSpace(entry.Value))
                options.ConnectionStrings[entry.Key] = entry.Value;
        }
    }
}
