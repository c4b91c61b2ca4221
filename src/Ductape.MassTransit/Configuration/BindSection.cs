using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit;

/// <param name="Path">How messages name the section, and where it is in the application's configuration.</param>
/// <param name="Section">The section itself, where it was given.</param>
internal sealed record SectionBinding(string Path, IConfiguration? Section);

/// <summary>Fills the options from a section, keeping what does not fit for the validation.</summary>
internal sealed class BindSection(SectionBinding binding, IConfiguration? configuration) : IConfigureOptions<DuctapeOptions>
{
    public void Configure(DuctapeOptions options)
    {
        options.Path = binding.Path;
        if ((binding.Section ?? configuration?.GetSection(binding.Path)) is { } section)
            OptionsShape.Bind(options, section, binding.Path, options.BindingProblems);
    }
}
