using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>
/// Forwards connections to a port of the loopback interface, and fails in the ways in which networks fail.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _stranded = new();
    private readonly TaskCompletionSource _never = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _refuses;
    private int _accepted;
    private volatile TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TcpProxy(int target)
    {
        _target = target;
        _open.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections came so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>
    /// Is given each AMQP frame of a client before it is forwarded, and the preamble. What it returns goes back to the
    /// client instead; null forwards the frame.
    /// </summary>
    public Func<byte[], byte[]?>? Heard { get; init; }

    /// <summary>
    /// Half-open: connections stay and new ones are accepted, but nothing goes through in either direction.
    /// </summary>
    public void Pause() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Forwards again, what was held back first.</summary>
    public void Resume() => _open.TrySetResult();

    /// <summary>Half-open for ever: nothing goes through the connections that there are. New ones work.</summary>
    public void Strand()
    {
        foreach (var client in _clients.Keys)
            _stranded[client] = true;
    }

    /// <summary>Ends every connection with a TCP reset, and new ones too, as when nothing listens behind it.</summary>
    public void Refuse()
    {
        _refuses = true;
        Reset();
    }

    /// <summary>Takes connections again.</summary>
    public void Accept() => _refuses = false;

    /// <summary>Ends every connection with a TCP reset.</summary>
    public void Reset()
    {
        foreach (var client in _clients.Keys)
            End(client);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Reset();
        Resume();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                Interlocked.Increment(ref _accepted);
                _ = ForwardAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        var server = new TcpClient();
        _clients[client] = _clients[server] = true;
        if (_refuses)
        {
            End(client);
            End(server);
            return;
        }

        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
            await Task.WhenAny(CopyAsync(client, server, Heard is null ? null : new AmqpFrames()), CopyAsync(server, client, null));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
        finally
        {
            // What is known of the other end's close must not get through while nothing does.
            await _open.Task;
            End(client);
            End(server);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, AmqpFrames? frames)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.GetStream().ReadAsync(buffer, _stopping.Token) is > 0 and var read)
            {
                await _open.Task;
                if (_stranded.ContainsKey(from))
                    await _never.Task.WaitAsync(_stopping.Token);
                if (frames is null)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
                    continue;
                }

                foreach (var frame in frames.Add(buffer.AsSpan(0, read)))
                {
                    var answer = Heard!(frame);
                    await (answer is null ? to : from).GetStream().WriteAsync(answer ?? frame, _stopping.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private void End(TcpClient client)
    {
        if (!_clients.TryRemove(client, out _))
            return;

        // No lingering: closing sends a reset.
        client.Client.LingerState = new LingerOption(true, 0);
        client.Dispose();
    }
}
