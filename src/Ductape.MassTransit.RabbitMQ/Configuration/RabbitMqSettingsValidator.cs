namespace Ductape.MassTransit.RabbitMQ.Configuration;

/// <summary>What is wrong with RabbitMQ settings. Never repeats a URL or a password.</summary>
internal static class RabbitMqSettingsValidator
{
    public static IEnumerable<ConfigurationProblem> Validate(RabbitMqSettings settings)
    {
        if (settings.ConnectionName is { } name)
        {
            if (string.IsNullOrWhiteSpace(name))
                yield return new("ConnectionName", "it is blank", "give the name of a connection string of the application");
            else if (name.AsSpan().ContainsAny("/@{}\r\n"))
                yield return new("ConnectionName", "it is not the name of a connection string (not shown, since it may hold a password)", "a URL goes into Url");
            if (settings.Url is not null || settings.Host is not null || settings.Hosts.Count > 0 || settings.Port is not null)
                yield return new("ConnectionName", "it excludes Url, Host, Hosts and Port", "give one or the other");
        }

        if (settings.Url is not null)
        {
            var url = RabbitMqAddress.Parse(settings.Url);
            if (url is null && !TransportSettings.RefersToSecret(settings.Url))
                yield return new("Url", "it is not an AMQP URL (not shown, since it may hold a password)", "write amqp://user:password@host:5672/vhost");
            if (settings.Host is not null || settings.Hosts.Count > 0 || settings.Port is not null)
                yield return new("Url", "it excludes Host, Hosts and Port", "give one or the other");
            if (url is { UserInfo.Length: > 0 } && (settings.Username is not null || settings.Password is not null))
                yield return new("Username", "the Url names a user too", "give one or the other");
            if (url is { AbsolutePath.Length: > 1 } && settings.VirtualHost is not null)
                yield return new("VirtualHost", "the Url names one too", "give one or the other");
        }

        if (settings.Host is not null && settings.Hosts.Count > 0)
            yield return new("Hosts", "it excludes Host", "give one or the other");
        if (settings.Host is not null && string.IsNullOrWhiteSpace(settings.Host))
            yield return new("Host", "it is blank");
        else if (settings.Host is not null && !TransportSettings.RefersToSecret(settings.Host)
            && RabbitMqNode.Parse(settings.Host) is not { Port: null })
            yield return new("Host", $"{Shown(settings.Host)} is not the name or address of a server", "a port goes into Port, a URL into Url");
        for (var i = 0; i < settings.Hosts.Count; i++)
        {
            if (!TransportSettings.RefersToSecret(settings.Hosts[i]) && RabbitMqNode.Parse(settings.Hosts[i]) is null)
                yield return new($"Hosts:{i}", $"{Shown(settings.Hosts[i])} is not 'host' or 'host:port'");
        }

        if (settings.Port is < 1 or > ushort.MaxValue)
            yield return new("Port", $"{settings.Port} is out of range", $"it must be from 1 to {ushort.MaxValue}");
        if (settings.ConnectTimeout <= TimeSpan.Zero || settings.ConnectTimeout > TimeSpan.FromMinutes(10))
            yield return new("ConnectTimeout", $"'{settings.ConnectTimeout}' is out of range", "it must be more than zero and at most ten minutes");
        if (settings.Heartbeat < TimeSpan.FromSeconds(1) || settings.Heartbeat > TimeSpan.FromMinutes(10))
            yield return new("Heartbeat", $"'{settings.Heartbeat}' is out of range", "it must be from one second to ten minutes");
        if (settings.DeliveryLimit is < 1 or > 1000)
            yield return new("DeliveryLimit", $"{settings.DeliveryLimit} is out of range", "it must be from 1 to 1000");

        foreach (var (key, path) in new[]
        {
            ("Tls:CaCertificatePath", settings.Tls.CaCertificatePath),
            ("Tls:ClientCertificatePath", settings.Tls.ClientCertificatePath),
        })
        {
            if (path is not null && !TransportSettings.RefersToSecret(path) && !File.Exists(path))
                yield return new(key, $"there is no file {ConfigurationProblem.Quoted(path)}");
        }
    }

    // Who writes a URL where a host belongs may have written the password too.
    private static string Shown(string host) =>
        host.AsSpan().ContainsAny('@', '/') ? "the value (not shown, since it may hold a password)" : ConfigurationProblem.Quoted(host);
}
