using Ductape.MassTransit.Configuration.Catalog;

namespace Ductape.MassTransit.Routing;

/// <summary>
/// The required fields of a call: what was given, else what is configured, else an error that names the JSON field.
/// </summary>
internal sealed class CallDefaults(CatalogConfig catalog)
{
    public string Product(string? given) => Required(given, catalog.DefaultProduct, "product_tag", "Product");

    public string Env(string? given) => Required(given, catalog.DefaultEnv, "env", "Env");

    public static string Event(string? given) =>
        string.IsNullOrWhiteSpace(given)
            ? throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                "'event' is required and is missing or blank: give brokerTag:topicTag, for example 'orders:order-created'.")
            : given;

    private string Required(string? given, string? configured, string field, string key) =>
        !string.IsNullOrWhiteSpace(given) ? given
        : configured ?? throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
            $"'{field}' is required and is missing or blank: give it in the call, or configure {catalog.Options.Path}:{key}.");
}
