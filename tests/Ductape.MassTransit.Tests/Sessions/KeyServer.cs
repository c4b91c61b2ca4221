using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>An issuer on this machine that publishes its keys. Answers 503 while it has none.</summary>
public sealed class KeyServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _requests;

    public KeyServer()
    {
        _listener.Start();
        Address = $"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = ServeAsync();
    }

    public string Address { get; }

    public string JwksUri => $"{Address}/keys";

    public string? Jwks { get; set; }

    /// <summary>What an answer waits for.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    /// <summary>How often the keys were asked for.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream());
                var path = (await reader.ReadLineAsync())?.Split(' ')[1];
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                }

                if (path == "/keys")
                    Interlocked.Increment(ref _requests);
                await Answering;
                var body = path == "/keys" ? Jwks : $$"""{ "issuer": "{{Address}}", "jwks_uri": "{{JwksUri}}" }""";
                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                    $"HTTP/1.1 {(body is null ? "503 Unavailable" : "200 OK")}\r\nContent-Type: application/json\r\nConnection: close\r\n"
                    + $"Content-Length: {Encoding.UTF8.GetByteCount(body ?? "")}\r\n\r\n{body}"));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            // The test is over.
        }
    }
}
