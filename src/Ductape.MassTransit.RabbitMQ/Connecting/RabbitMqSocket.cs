using System.Net.Sockets;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Connecting;

/// <summary>
/// The socket of a connection, which knows when it last heard from the server. RabbitMQ.Client looks for missed
/// heartbeats once per heartbeat, and gives up after three to four of them. Thread-safe.
/// </summary>
/// <param name="socket">The socket.</param>
internal sealed class RabbitMqSocket(Socket socket) : TcpClientAdapter(socket)
{
    private readonly Socket _socket = socket;
    private long _heard = Environment.TickCount64;

    /// <summary>How long nothing has come from the server. What has come and waits for the client counts.</summary>
    public TimeSpan Silence
    {
        get
        {
            try
            {
                return _socket.Available > 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _heard));
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                // It is closed, and tells of that itself.
                return TimeSpan.Zero;
            }
        }
    }

    /// <summary>Makes one, as RabbitMQ.Client does.</summary>
    public static RabbitMqSocket Create(AddressFamily family) => new(new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });

    public override NetworkStream GetStream() => new HeardStream(_socket, this);

    private void Hear() => Volatile.Write(ref _heard, Environment.TickCount64);

    // Whoever asks for more has taken what came before.
    private sealed class HeardStream(Socket socket, RabbitMqSocket owner) : NetworkStream(socket)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            owner.Hear();
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
