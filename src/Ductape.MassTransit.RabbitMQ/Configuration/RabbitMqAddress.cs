namespace Ductape.MassTransit.RabbitMQ.Configuration;

/// <summary>
/// The settings with the URL taken apart and the defaults filled in. Holds the password; <see cref="ToString"/> does
/// not.
/// </summary>
internal sealed record RabbitMqAddress(string Hosts, string VirtualHost, string Username, string Password, bool Tls)
{
    private const int PlainPort = 5672;
    private const int TlsPort = 5671;

    public static RabbitMqAddress Of(RabbitMqSettings settings)
    {
        var url = Parse(settings.Url);
        var tls = settings.Tls.Enabled || url?.Scheme == "amqps";
        var port = settings.Port ?? (url is { Port: > 0 } ? url.Port : tls ? TlsPort : PlainPort);
        var hosts = settings.Hosts.Count > 0 ? settings.Hosts
            : [settings.Host ?? url?.Host ?? (settings is { Url: null, ConnectionName: null } ? "localhost" : "address-in-a-secret")];
        var user = url?.UserInfo.Split(':', 2) ?? [];
        var path = url?.AbsolutePath.TrimStart('/') ?? "";
        return new RabbitMqAddress(
            string.Join(',', hosts.Select(x => RabbitMqNode.Parse(x) is { Port: null } node ? $"{node.Host}:{port}" : x)),
            settings.VirtualHost ?? (path.Length > 0 ? Uri.UnescapeDataString(path) : "/"),
            settings.Username ?? (user is [{ Length: > 0 } name, ..] ? Uri.UnescapeDataString(name) : "guest"),
            settings.Password ?? (user is [_, { } password] ? Uri.UnescapeDataString(password) : "guest"),
            tls);
    }

    public static Uri? Parse(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" && uri.Host.Length > 0 ? uri : null;

    /// <summary>The servers, each with its port.</summary>
    public IEnumerable<RabbitMqNode> Nodes => Hosts.Split(',').Select(x => RabbitMqNode.Parse(x)!);

    public override string ToString() => $"{(Tls ? "amqps" : "amqp")}://{Hosts}/{(VirtualHost == "/" ? "" : VirtualHost)}";
}
