using System.Security.Cryptography;
using System.Text.Json;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>Keys, and configurations with the session type <c>web</c>.</summary>
public static class SessionConfiguration
{
    public const string Tag = "web";
    public const string Web = $"{Product}:Sessions:{Tag}";
    public const string SigningKey = "a signing key of thirty-two bytes or more";
    public static readonly RSA Rsa = RSA.Create(2048);
    public static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static readonly string Hmac = With((Web, $$"""{ "SigningKey": "{{SigningKey}}", "Selector": "$Session{userId}" }"""));

    /// <summary>The configuration of the session type, as an anonymous object.</summary>
    public static string Of(object session, params (string Path, string Json)[] changes) =>
        With([(Web, JsonSerializer.Serialize(session)), .. changes]);

    public static string PublicPem(this AsymmetricAlgorithm key) => key.ExportSubjectPublicKeyInfoPem();

    /// <summary>A key set with the public part of a key.</summary>
    public static string Jwks(RSA key, string id = "one")
    {
        var parameters = key.ExportParameters(false);
        return JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", kid = id, n = ForgedToken.Encode(parameters.Modulus!), e = ForgedToken.Encode(parameters.Exponent!) } },
        });
    }
}
