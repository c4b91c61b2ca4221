using Ductape.MassTransit.Secrets;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>A hash over the whole configuration of an application.</summary>
internal static class ConfigurationFingerprint
{
    /// <summary>
    /// Equal where the options say the same, with those of its connection strings that a broker's settings name.
    /// </summary>
    public static string Of(DuctapeOptions options)
    {
        var settings = ConfiguredProducts.Brokers(options).SelectMany(x => x.Options.Envs.Values);
        var named = settings.SelectMany(x => (x.Config?.AsEnumerable().Select(line => line.Value) ?? []).Concat(NamesIn(x.Settings))).OfType<string>()
            .Distinct(Tags.Comparer).Order(Tags.Comparer);
        return OptionsFingerprint.Of(OptionsFingerprint.Of(options) + string.Concat(named.Select(x =>
            options.ConnectionStrings.TryGetValue(x, out var value) ? $"{x.Length}:{x}{value.Length}:{value}" : "")));
    }

    private static IEnumerable<string?> NamesIn(TransportSettings? settings) => settings is null ? [] :
        settings.GetType().GetProperties().Where(x => ConnectionStringReference.TargetOf(x) is not null).Select(x => x.GetValue(settings) as string);
}
