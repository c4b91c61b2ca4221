namespace Ductape.MassTransit;

/// <summary>The host of a namespace.</summary>
internal static class AzureServiceBusAddress
{
    private const string Domain = ".servicebus.windows.net";

    /// <summary>The host in words, where it is not known yet.</summary>
    public static string Of(AzureServiceBusSettings settings) =>
        HostOf(settings.ConnectionString) ?? (settings.ConnectionString is not null ? "a namespace in a secret" : Full(settings.Namespace) ?? "no namespace");

    /// <summary>
    /// The host, and the port where there is one, of a connection string's endpoint; null where it has none.
    /// </summary>
    public static string? HostOf(string? connectionString) =>
        Uri.TryCreate(Part(connectionString, "Endpoint"), UriKind.Absolute, out var url) && url.Scheme == "sb" && url.Host.Length > 0
            ? url.IsDefaultPort || url.Port <= 0 ? url.Host : $"{url.Host}:{url.Port}"
            : null;

    /// <summary>The name of a namespace in full.</summary>
    public static string? Full(string? name) => name is null || name.Contains('.') ? name : name + Domain;

    /// <summary>The value of one part of a connection string, or null.</summary>
    public static string? Part(string? connectionString, string key)
    {
        foreach (var part in (connectionString ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith(key + "=", StringComparison.OrdinalIgnoreCase))
                return part[(key.Length + 1)..];
        }

        return null;
    }
}
