using System.Net;
using System.Net.Sockets;

namespace DicomFunctions.Testing;

/// <summary>Loopback ports, for servers that cannot choose one themselves.</summary>
public static class Ports
{
    /// <summary>A port that was free a moment ago.</summary>
    public static int Free() => Free(1)[0];

    /// <summary>As many different ports, free a moment ago.</summary>
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return [.. ports];
    }

    /// <summary>Whether a connection can be made.</summary>
    public static async Task<bool> IsListeningAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
