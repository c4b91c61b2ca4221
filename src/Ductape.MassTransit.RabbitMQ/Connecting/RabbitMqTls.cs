using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Ductape.MassTransit.RabbitMQ.Configuration;

namespace Ductape.MassTransit.RabbitMQ.Connecting;

/// <summary>
/// Strict TLS: the name and the chain of the server's certificate are checked, against one's own authority where one is
/// given.
/// </summary>
internal static class RabbitMqTls
{
    public static void Configure(IRabbitMqHostConfigurator host, RabbitMqTlsSettings settings, RabbitMqAddress address)
    {
        host.UseSsl(ssl =>
        {
            // None lets the operating system choose, which keeps up with what is considered safe.
            ssl.Protocol = SslProtocols.None;
            ssl.ServerName = settings.ServerName ?? address.Nodes.First().Host;
            if (settings.ClientCertificatePath is not null)
            {
                ssl.CertificatePath = settings.ClientCertificatePath;
                ssl.CertificatePassphrase = settings.ClientCertificatePassphrase;
            }

            var authorities = new X509Certificate2Collection();
            if (settings.CaCertificatePath is not null)
                authorities.ImportFromPemFile(settings.CaCertificatePath);
            // MassTransit has one server name for all nodes of a cluster: a node may also prove to be any other of
            // them.
            string[] names = settings.ServerName is null ? [.. address.Nodes.Select(x => x.Host.Trim('[', ']'))] : [];
            ssl.CertificateValidationCallback = (_, certificate, chain, errors) =>
                errors == SslPolicyErrors.None
                || (certificate is X509Certificate2 leaf && IsTrusted(leaf, chain, errors, authorities, names));
        });
    }

    private static bool IsTrusted(
        X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection authorities, string[] names)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && !names.Any(x => certificate.MatchesHostname(x)))
            return false;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            && (authorities.Count == 0 || !IsSignedByOneOf(authorities, certificate, chain)))
            return false;

        const SslPolicyErrors judged = SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors;
        return (errors & ~judged) == SslPolicyErrors.None;
    }

    private static bool IsSignedByOneOf(X509Certificate2Collection authorities, X509Certificate2 certificate, X509Chain? presented)
    {
        using var chain = new X509Chain();
        if (presented is not null)
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
