using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DicomFunctions.Integration.Network;

/// <summary>
/// A bad network in front of a server: a TCP proxy that does to every connection what a script says, by the connection's number.
/// </summary>
internal sealed class ToxicProxy : IAsyncDisposable
{
    private readonly Uri _target;
    private readonly Func<int, Toxic> _script;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ToxicConnection, Task> _open = new();
    private readonly int _port;
    private TcpListener _listener;
    private Task _accepting;
    private int _connections;

    /// <param name="target">Where the server is.</param>
    /// <param name="script">What is done to the first connection (0), the second, …</param>
    public ToxicProxy(Uri target, Func<int, Toxic> script)
    {
        (_target, _script) = (target, script);
        _listener = Listen(port: 0);
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Where a client goes in place of the server.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}/");

    /// <summary>How many connections there have been.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Whether there is no connection now.</summary>
    public bool IsIdle => _open.IsEmpty;

    /// <summary>The connections there are go dead, without a word to anyone; new ones are good.</summary>
    public void Freeze()
    {
        foreach (var connection in _open.Keys)
            connection.Freeze();
    }

    /// <summary>Breaks the connections there are.</summary>
    public void Reset()
    {
        foreach (var connection in _open.Keys)
            connection.Reset();
    }

    /// <summary>Breaks all connections and refuses new ones for a while, as a server that starts anew.</summary>
    public async Task RestartAsync(TimeSpan downtime)
    {
        _listener.Stop();
        await _accepting;
        Reset();
        await Task.Delay(downtime);
        _listener = Listen(_port);
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        await _stop.CancelAsync();
        await Task.WhenAll(_open.Values);
        _stop.Dispose();
    }

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        // Small, so that a slow network is felt by the client before megabytes have left it.
        listener.Server.ReceiveBufferSize = 32 << 10;
        listener.Start();
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync();
                var connection = new ToxicConnection(client, _script(_connections), _stop.Token);
                Interlocked.Increment(ref _connections);
                var ended = new TaskCompletionSource();
                _open[connection] = ended.Task;
                _ = RunAsync(connection, ended);
            }
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            // The listener was stopped.
        }
    }

    private async Task RunAsync(ToxicConnection connection, TaskCompletionSource ended)
    {
        await connection.RunAsync(_target);
        _open.TryRemove(connection, out _);
        connection.Dispose();
        ended.SetResult();
    }
}
