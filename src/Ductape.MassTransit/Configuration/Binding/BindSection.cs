using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Configuration.Binding;

/// <param name="Path">How messages name the section, and where it is in the application's configuration.</param>
/// <param name="Section">The section itself, where it was given.</param>
internal sealed record SectionBinding(string Path, IConfiguration? Section);

/// <summary>Fills the options from a section, keeping what does not fit for the validation.</summary>
internal sealed class BindSection(SectionBinding binding, IConfiguration? configuration) : IConfigureOptions<DuctapeOptions>
{
    public void Configure(DuctapeOptions options)
    {
        options.Path = binding.Path;
        if ((binding.Section ?? configuration?.GetSection(binding.Path)) is not { } section)
            return;

        var spelled = Root(section) is var (root, path)
            ? new KeySpelling(root, path).Apply(typeof(DuctapeOptions), section, binding.Path, options.BindingProblems)
            : section;
        OptionsBinder.Bind(options, spelled, binding.Path, options.BindingProblems);
        if (Root(section) is var (all, at))
            options.MergedLists.AddRange(new MergedLists(all).Find(typeof(DuctapeOptions), spelled, at, binding.Path));
    }

    /// <summary>
    /// The whole configuration and where the section is in it: a section does not tell which sources it is from.
    /// </summary>
    private (IConfigurationRoot Root, string Path)? Root(IConfiguration section)
    {
        if (section is IConfigurationRoot all)
            return (all, "");
        if (section is not IConfigurationSection { Path: var path } || configuration is not IConfigurationRoot root)
            return null;

        // A section that was given may be of another configuration than the application's.
        return binding.Section is null || SaysTheSame(section, root.GetSection(path)) ? (root, path) : null;
    }

    private static bool SaysTheSame(IConfiguration one, IConfiguration other) =>
        one.AsEnumerable(makePathsRelative: true).ToHashSet().SetEquals(other.AsEnumerable(makePathsRelative: true));
}
