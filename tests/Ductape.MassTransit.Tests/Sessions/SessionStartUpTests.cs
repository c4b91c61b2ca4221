using System.Security.Cryptography;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

public class SessionStartUpTests
{
    private const string Path = $"Ductape:{Web}";
    private const string Key = "marker-secret of thirty-two bytes and more";

    public static TheoryData<string, string> Usable => new()
    {
        { "SigningKey", SigningKey },
        { "SigningKey", "$Secret{SHORT}" },
        { "PublicKey", Rsa.PublicPem() },
        { "PublicKey", Rsa.ExportRSAPublicKeyPem() },
        { "PublicKey", Ec.PublicPem() },
        { "PublicKey", "$Secret{PEM}" },
        { "Jwks", Jwks(Rsa) },
        { "JwksUri", "https://login.example.com/keys" },
        { "JwksUri", "http://localhost:5000/keys" },
        { "Authority", "https://login.example.com" },
        { "Authority", "$Secret{AUTHORITY}" },
    };

    [Theory]
    [MemberData(nameof(Usable))]
    public void A_session_type_with_one_key_is_usable(string kind, string key) =>
        Assert.Empty(StartUp.Problems(Of(new Dictionary<string, string> { [kind] = key })));

    [Fact]
    public void A_public_key_may_be_in_a_file()
    {
        var file = System.IO.Path.GetTempFileName();
        File.WriteAllText(file, Ec.PublicPem());

        Assert.Empty(StartUp.Problems(Of(new { PublicKey = file })));
        File.Delete(file);
    }

    [Fact]
    public void No_key_is_a_problem() => AssertProblem(
        new { Expiry = 1 }, ": it has no key to verify tokens with; give one of SigningKey, PublicKey, Jwks, JwksUri, Authority.");

    [Fact]
    public void Several_keys_are_a_problem() => AssertProblem(
        new { SigningKey = Key, Authority = "https://login.example.com" },
        ": it has several keys, SigningKey and Authority; keep one, or make each a session type of its own.");

    [Theory]
    [InlineData("marker-secret", null, ":SigningKey: it is too short: it has 13 bytes, and HS256 needs at least 32. "
        + "Generate a random one, for example with 'openssl rand -base64 48'.")]
    [InlineData(Key, "HS384", ":SigningKey: it is too short: it has 42 bytes, and HS384 needs at least 48. "
        + "Generate a random one, for example with 'openssl rand -base64 48'.")]
    [InlineData(Key, "HS512", ":SigningKey: it is too short: it has 42 bytes, and HS512 needs at least 64. "
        + "Generate a random one, for example with 'openssl rand -base64 48'.")]
    public void A_signing_key_shorter_than_its_algorithm_allows_is_a_problem(string key, string? algorithm, string problem) =>
        AssertProblem(new { SigningKey = key, Algorithms = algorithm is null ? [] : new[] { algorithm } }, problem);

    [Fact]
    public void A_short_public_key_is_a_problem() => AssertProblem(
        new { PublicKey = RSA.Create(1024).PublicPem() }, ":PublicKey: it is too short: it has 1024 bits, and RS256 needs at least 2048.");

    [Fact]
    public void A_short_key_of_a_set_is_a_problem() => AssertProblem(
        new { Jwks = Jwks(RSA.Create(1024)) }, ":Jwks: it is too short: it has 1024 bits, and RS256 needs at least 2048.");

    [Fact]
    public void A_key_on_another_curve_is_a_problem() => AssertProblem(
        new { PublicKey = Ec.PublicPem(), Algorithms = new[] { "ES384" } }, ":PublicKey: it is on a curve of 256 bits, and ES384 needs the one of 384.");

    [Fact]
    public void A_key_of_another_type_is_a_problem() => AssertProblem(
        new { PublicKey = Ec.PublicPem(), Algorithms = new[] { "RS256" } },
        $":PublicKey: it is no RSA key, and RS256 needs one; change the key or {Path}:Algorithms.");

    [Theory]
    [InlineData("marker-secret")]
    [InlineData("/no/such/marker-secret.pem")]
    public void A_public_key_that_is_no_file_is_a_problem(string key) => AssertProblem(new { PublicKey = key },
        ":PublicKey: it is no PEM text that begins with '-----BEGIN', and there is no file of that name; give the text, or the path of a file from the "
            + "directory that the process runs in.");

    [Theory]
    [InlineData("-----BEGIN PUBLIC KEY-----\nbWFya2VyLXNlY3JldA==\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----")]
    public void An_unreadable_public_key_is_a_problem(string key) => AssertProblem(new { PublicKey = key },
        ":PublicKey: it cannot be read; give a public key or certificate as PEM text that begins with '-----BEGIN', or the path of such a file.");

    [Fact]
    public void A_private_key_is_a_problem() => AssertProblem(new { PublicKey = Rsa.ExportPkcs8PrivateKeyPem() },
        ":PublicKey: it holds a private key; give the public key that belongs to it, and keep the private one with the issuer.");

    [Theory]
    [InlineData("marker-secret")]
    [InlineData("""{ "keys": "marker-secret" }""")]
    public void An_unreadable_key_set_is_a_problem(string jwks) => AssertProblem(new { Jwks = jwks },
        ":Jwks: it cannot be read; give a JSON Web Key Set as JSON text, { \"keys\": [ … ] }.");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "keys": [] }""")]
    [InlineData("""{ "keys": [ { "kty": "RSA", "n": "marker-secret" } ] }""")]
    public void An_empty_key_set_is_a_problem(string jwks) => AssertProblem(new { Jwks = jwks }, ":Jwks: it holds no RSA and no EC key.");

    [Fact]
    public void A_shared_secret_in_a_key_set_is_a_problem() => AssertProblem(
        new { Jwks = """{ "keys": [ { "kty": "oct", "k": "marker-secret" } ] }""" },
        ":Jwks: it holds a secret key (kty 'oct'); a shared secret belongs into SigningKey.");

    [Theory]
    [InlineData("JwksUri", "http://login.example.com/marker-secret")]
    [InlineData("JwksUri", "keys.json")]
    [InlineData("Authority", "http://login.example.com/marker-secret")]
    [InlineData("Authority", "ftp://localhost")]
    public void An_address_without_TLS_is_a_problem(string kind, string address) => AssertProblem(
        new Dictionary<string, string> { [kind] = address },
        $":{kind}: it is not an https address; give one as https://login.example.com (http is accepted for this machine, localhost, alone).");

    [Fact]
    public void An_unknown_algorithm_is_a_problem() => AssertProblem(new { SigningKey = Key, Algorithms = new[] { "HS265" } },
        ":Algorithms:0: 'HS265' is not known. Did you mean 'HS256'? One of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, "
        + "ES256, ES384, ES512.");

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    public void No_algorithm_is_a_problem(string name) => AssertProblem(new { SigningKey = Key, Algorithms = new[] { "HS256", name } },
        $":Algorithms:1: '{name}' means no signature, so that anybody could make a token. Take it out.");

    [Fact]
    public void An_HMAC_algorithm_with_a_public_key_is_a_problem() => AssertProblem(
        new { PublicKey = Rsa.PublicPem(), Algorithms = new[] { "RS256", "HS256" } },
        ":Algorithms:1: HS256 is an HMAC algorithm, and with PublicKey everybody who has the public key could sign. Take it out, or give a SigningKey.");

    [Fact]
    public void A_public_key_algorithm_with_a_shared_secret_is_a_problem() => AssertProblem(
        new { SigningKey = Key, Algorithms = new[] { "RS256" } },
        ":Algorithms:0: RS256 needs a public key, and SigningKey is a shared secret. Use HS256, HS384 or HS512, or give a PublicKey.");

    [Theory]
    [InlineData("userId")]
    [InlineData("$Session{}")]
    [InlineData("$Session{a..b}")]
    [InlineData("$Session{.a}")]
    [InlineData("$Session{a b}")]
    [InlineData("x$Session{a}")]
    [InlineData("")]
    public void A_malformed_selector_is_a_problem(string selector) => AssertProblem(new { SigningKey = Key, Selector = selector },
        $":Selector: '{selector}' is not of the form $Session{{path}}; write for example $Session{{userId}} or $Session{{details.username}}.");

    [Theory]
    [InlineData("Expiry", 0, "Expiry: '00:00:00' is out of range; it must be at least a second and at most 3650 days.")]
    [InlineData("Expiry", 100_000, "Expiry: '4166.16:00:00' is out of range; it must be at least a second and at most 3650 days.")]
    [InlineData("Period", "fortnights", "Period: 'fortnights' is not known; one of seconds, minutes, hours, days.")]
    [InlineData("ClockSkew", "-00:00:01", "ClockSkew: '-00:00:01' is out of range; it must be from zero to 00:10:00.")]
    [InlineData("ClockSkew", "00:10:01", "ClockSkew: '00:10:01' is out of range; it must be from zero to 00:10:00.")]
    [InlineData("Forward", "Claims", "Forward: 'Claims' is not one of None, Token.")]
    public void A_value_out_of_range_is_a_problem(string option, object value, string problem) =>
        AssertProblem(new Dictionary<string, object> { ["SigningKey"] = Key, [option] = value }, $":{problem}");

    [Fact]
    public void All_problems_come_at_once() => Assert.Equal(
        [$"{Path}:Selector", $"{Path}:Algorithms:0", $"{Path}:SigningKey"],
        StartUp.Problems(Of(new { SigningKey = "short", Selector = "userId", Algorithms = new[] { "nano", "HS256" } }))
            .Select(x => x.Split([": ", " "], 2, StringSplitOptions.None)[0]));

    private static void AssertProblem(object session, string problem)
    {
        Assert.Equal([Path + problem], StartUp.Problems(Of(session)));
        Assert.DoesNotContain("marker-secret", problem);
    }
}
