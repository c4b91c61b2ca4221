using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Ductape.MassTransit.SessionKeys;

/// <summary>
/// Reads the key of a session type from its text. What it says of a text that it cannot read never repeats the text.
/// </summary>
internal static class SessionKeyReader
{
    /// <summary>The keys, or none and a problem under the kind of the key.</summary>
    public static SessionKey[] Read(SessionKeyKind kind, string text, out ConfigurationProblem? problem)
    {
        try
        {
            problem = null;
            switch (kind)
            {
                case SessionKeyKind.SigningKey:
                    var bytes = Encoding.UTF8.GetBytes(text);
                    return [new SessionKey(new SymmetricSecurityKey(bytes), SessionAlgorithm.Hmac, bytes.Length * 8)];
                case SessionKeyKind.PublicKey:
                    return [ReadPem(text)];
                default:
                    return ReadJwks(text);
            }
        }
        catch (UnusableKeyException exception)
        {
            problem = new(kind.ToString(), exception.Message, exception.Remedy);
            return [];
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or FormatException
            or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            problem = exception is FileNotFoundException or DirectoryNotFoundException
                ? new(kind.ToString(), "it is no PEM text that begins with '-----BEGIN', and there is no file of that name",
                    "give the text, or the path of a file from the directory that the process runs in")
                : new(kind.ToString(), "it cannot be read", kind is SessionKeyKind.PublicKey
                    ? "give a public key or certificate as PEM text that begins with '-----BEGIN', or the path of such a file"
                    : "give a JSON Web Key Set as JSON text, { \"keys\": [ … ] }");
            return [];
        }
    }

    private static SessionKey ReadPem(string text)
    {
        var pem = text.Contains("-----BEGIN", StringComparison.Ordinal) ? text : File.ReadAllText(text);
        var label = pem[PemEncoding.Find(pem).Label];
        if (label.Contains("PRIVATE", StringComparison.Ordinal))
            throw new UnusableKeyException("it holds a private key", "give the public key that belongs to it, and keep the private one with the issuer");

        using var certificate = label == "CERTIFICATE" ? X509Certificate2.CreateFromPem(pem) : null;
        if (ReadRsa(pem, certificate) is { } rsa)
            return new SessionKey(new RsaSecurityKey(rsa.ExportParameters(false)), SessionAlgorithm.Rsa, rsa.KeySize);

        var ecdsa = certificate is not null ? certificate.GetECDsaPublicKey() : ReadEc(pem);
        return ecdsa is not null
            ? new SessionKey(new ECDsaSecurityKey(ecdsa), SessionAlgorithm.Ec, ecdsa.KeySize)
            : throw new UnusableKeyException("it is neither an RSA nor an elliptic curve key");
    }

    private static RSA? ReadRsa(string pem, X509Certificate2? certificate)
    {
        if (certificate is not null)
            return certificate.GetRSAPublicKey();

        try
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa;
        }
        catch (CryptographicException)
        {
            // Perhaps an elliptic curve key: the label says only "PUBLIC KEY".
            return null;
        }
    }

    private static ECDsa ReadEc(string pem)
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(pem);
        return ecdsa;
    }

    private static SessionKey[] ReadJwks(string json)
    {
        var keys = new JsonWebKeySet(json).Keys;
        if (keys.Any(x => x.Kty == SessionAlgorithm.Hmac))
            throw new UnusableKeyException("it holds a secret key (kty 'oct')", "a shared secret belongs into SigningKey");

        var usable = keys.Select(SessionKey.Of).OfType<SessionKey>().ToArray();
        return usable.Length > 0 ? usable : throw new UnusableKeyException("it holds no RSA and no EC key");
    }

    private sealed class UnusableKeyException(string problem, string remedy = "") : Exception(problem)
    {
        public string Remedy => remedy;
    }
}
