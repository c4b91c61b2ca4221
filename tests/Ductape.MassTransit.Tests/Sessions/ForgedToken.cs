using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>Tokens made by hand: what an issuer signs, and what an attacker would try.</summary>
public static class ForgedToken
{
    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public static string Hmac(object claims, string key = SessionConfiguration.SigningKey, string alg = "HS256") =>
        Hmac(claims, Encoding.UTF8.GetBytes(key), alg);

    public static string Hmac(object claims, byte[] key, string alg = "HS256") => Signed(new { alg, typ = "JWT" }, claims, x => alg switch
    {
        "HS512" => HMACSHA512.HashData(key, x),
        "HS384" => HMACSHA384.HashData(key, x),
        _ => HMACSHA256.HashData(key, x),
    });

    public static string Rsa(object claims, RSA key, string? kid = null) => Signed(
        kid is null ? new { alg = "RS256" } : new { alg = "RS256", kid }, claims,
        x => key.SignData(x, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Ec(object claims, ECDsa key) =>
        Signed(new { alg = "ES256" }, claims, x => key.SignData(x, HashAlgorithmName.SHA256));

    public static string Signed(object header, object claims, Func<byte[], byte[]> sign)
    {
        var content = $"{Part(header)}.{Part(claims)}";
        return $"{content}.{Encode(sign(Encoding.ASCII.GetBytes(content)))}";
    }

    private static string Part(object value) => Encode(value as byte[] ?? JsonSerializer.SerializeToUtf8Bytes(value));
}
