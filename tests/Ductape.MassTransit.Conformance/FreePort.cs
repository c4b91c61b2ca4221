using System.Net;
using System.Net.Sockets;

namespace Ductape.MassTransit.Conformance;

/// <summary>
/// Ports of the loopback interface that stay this process's until it ends. The system hands out ports from 32768 on to
/// clients, which could take a port while its server restarts; these lie below, and a locked file keeps other test
/// processes away.
/// </summary>
public static class FreePort
{
    private const int First = 12_000;
    private const int Last = 32_767;
    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "ductape-ports")).FullName;
    private static readonly List<FileStream> Taken = [];
    private static readonly Lock Taking = new();

    public static int Take()
    {
        lock (Taking)
        {
            for (var attempts = 0; attempts < 1_000; attempts++)
            {
                var port = Random.Shared.Next(First, Last + 1);
                if (Lock(port) is not { } file)
                    continue;

                if (IsFree(port))
                {
                    Taken.Add(file);
                    return port;
                }

                file.Dispose();
            }
        }

        throw new InvalidOperationException($"No port between {First} and {Last} is free.");
    }

    private static FileStream? Lock(int port)
    {
        try
        {
            return new FileStream(Path.Combine(Folder, $"{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
