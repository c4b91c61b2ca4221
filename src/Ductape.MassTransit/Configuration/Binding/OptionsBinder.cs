using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>
/// Binds options. .NET's binder does it, but that passes unknown keys silently, stops at the first value it cannot
/// convert, makes 0 of null and reads 24 hours as days. So the section is inspected first: all of it can be reported at
/// once, and the rest still be bound and validated.
/// </summary>
internal static class OptionsBinder
{
    /// <summary>
    /// Binds <paramref name="section"/> to <paramref name="target"/>, leaving out and reporting what does not fit.
    /// </summary>
    /// <param name="target">The options to fill.</param>
    /// <param name="section">The configuration to read.</param>
    /// <param name="path">How messages name the section.</param>
    /// <param name="problems">Receives one problem for each place that does not fit.</param>
    public static void Bind(object target, IConfiguration section, string path, ICollection<ConfigurationProblem> problems)
    {
        var inspection = new SectionInspection(problems);
        inspection.Inspect(target.GetType(), section, path);
        if (inspection is { LeftOut.Count: 0, Replaced.Count: 0 })
        {
            section.Bind(target);
            return;
        }

        var fitting = section.AsEnumerable(makePathsRelative: true)
            .Where(x => !inspection.LeftOut.Any(m => x.Key.Equals(m, StringComparison.OrdinalIgnoreCase)
                || x.Key.StartsWith(m + ":", StringComparison.OrdinalIgnoreCase)));
        new ConfigurationBuilder().AddInMemoryCollection(fitting).AddInMemoryCollection(inspection.Replaced).Build().Bind(target);
    }
}
