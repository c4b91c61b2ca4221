using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>RabbitMQ over TLS, with certificates made for the test.</summary>
public sealed class TlsTests(TlsTests.TlsNode tls) : IClassFixture<TlsTests.TlsNode>
{
    [Fact]
    public async Task A_server_certificate_of_a_given_authority_is_accepted()
    {
        await using var app = Start($"amqps://guest:guest@127.0.0.1:{tls.Port}/", new JsonObject { ["CaCertificatePath"] = tls.Path("ca.pem") });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync("orders:created", inbox.ReceiveAsync);

        await app.Broker.PublishAsync("orders:created", 1);

        await inbox.HasAsync(1);
        Assert.Contains("amqps://", app.Catalog.FetchRoute("orders:created").Connection);
        await tls.Node.ListAsync("true", "list_connections", "ssl");
    }

    [Fact]
    public async Task A_server_certificate_of_an_unknown_authority_is_refused()
    {
        await using var app = Start($"amqps://guest:guest@127.0.0.1:{tls.Port}/", []);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync("orders:created", 1));

        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.Contains("certificate", error.ToString());
    }

    [Fact]
    public async Task A_node_of_a_cluster_may_have_a_certificate_of_its_own_name()
    {
        // The first node is down, so the second one answers, under the name that MassTransit would check for the first.
        var json = Configuration(new JsonObject
        {
            ["Hosts"] = new JsonArray($"localhost:{RabbitMqNode.FreePort()}", $"127.0.0.1:{tls.Port}"),
            ["Tls"] = new JsonObject { ["Enabled"] = true, ["CaCertificatePath"] = tls.Path("ca.pem") },
        });
        json["Ductape"]!["PublishTimeout"] = "00:00:20";
        await using var app = new ConformanceApp(json, x => x.AddRabbitMq());

        await app.Broker.PublishAsync("orders:created", 1);

        await tls.Node.ListAsync("true", "list_connections", "ssl");
    }

    [Fact]
    public async Task A_server_certificate_of_another_name_is_refused()
    {
        await using var app = Start($"amqps://guest:guest@127.0.0.1:{tls.Port}/",
            new JsonObject { ["CaCertificatePath"] = tls.Path("ca.pem"), ["ServerName"] = "other.test" });

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync("orders:created", 1));

        Assert.Contains("certificate", error.ToString());
    }

    private static ConformanceApp Start(string url, JsonObject settings) =>
        new(Configuration(new JsonObject { ["Url"] = url, ["Tls"] = settings }), x => x.AddRabbitMq());

    private static JsonObject Configuration(JsonObject config)
    {
        var json = ConformanceApp.Configuration(new JsonObject { ["Type"] = "RABBITMQ", ["Config"] = config });
        json["Ductape"]!["PublishTimeout"] = "00:00:05";
        return json;
    }

    /// <summary>A node that takes connections over TLS, and the certificates that it shows.</summary>
    public sealed class TlsNode : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("ductape-tls-").FullName;

        public RabbitMqNode Node { get; } = new();

        public int Port { get; } = RabbitMqNode.FreePort();

        public string Path(string file) => System.IO.Path.Combine(_folder, file);

        public async ValueTask InitializeAsync()
        {
            var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
            using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
            authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            using var authorityCertificate = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

            using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var server = new CertificateRequest("CN=broker.test", serverKey, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("broker.test");
            names.AddIpAddress(IPAddress.Loopback);
            server.CertificateExtensions.Add(names.Build());
            using var serverCertificate = server.Create(authorityCertificate, now.AddDays(-1), now.AddDays(1), [1, 2, 3]);

            await File.WriteAllTextAsync(Path("ca.pem"), authorityCertificate.ExportCertificatePem());
            await File.WriteAllTextAsync(Path("server.pem"), serverCertificate.ExportCertificatePem());
            await File.WriteAllTextAsync(Path("server.key"), serverKey.ExportECPrivateKeyPem());
            Node.Configuration = $"""
                listeners.ssl.1 = 127.0.0.1:{Port}
                ssl_options.cacertfile = {Path("ca.pem")}
                ssl_options.certfile = {Path("server.pem")}
                ssl_options.keyfile = {Path("server.key")}
                ssl_options.verify = verify_none

                """;
            await Node.StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
