namespace Ductape.MassTransit;

/// <summary>
/// How RabbitMQ is reached over TLS. The server's certificate is always checked against its name and a trusted
/// authority; MassTransit on its own would accept any authority.
/// </summary>
public sealed class RabbitMqTlsSettings
{
    /// <summary>Whether TLS is used. <value>Default: false; true with an <c>amqps</c> URL.</value></summary>
    public bool Enabled { get; set; }

    /// <summary>The name that the server's certificate must have. <value>Default: the host.</value></summary>
    public string? ServerName { get; set; }

    /// <summary>
    /// A PEM file of the authorities to trust instead of the machine's. <value>Default: the machine's.</value>
    /// </summary>
    public string? CaCertificatePath { get; set; }

    /// <summary>A PKCS#12 file with the client's certificate. <value>Default: none.</value></summary>
    public string? ClientCertificatePath { get; set; }

    /// <summary>The passphrase of that file, a secret.</summary>
    public string? ClientCertificatePassphrase { get; set; }

    /// <summary>Nothing, since a passphrase may be among it.</summary>
    public override string ToString() => nameof(RabbitMqTlsSettings);
}
