using System.Net.Sockets;

namespace DicomFunctions.Integration.Network;

/// <summary>One connection through the proxy.</summary>
internal sealed class ToxicConnection : IDisposable
{
    private readonly Socket _client;
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Toxic _toxic;
    private readonly CancellationTokenSource _stop;
    private volatile bool _isFrozen;

    public ToxicConnection(Socket client, Toxic toxic, CancellationToken stop)
    {
        _client = client;
        _client.NoDelay = true;
        _toxic = toxic;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    /// <summary>From now on nothing passes, and nobody is told.</summary>
    public void Freeze() => _isFrozen = true;

    /// <summary>Breaks it.</summary>
    public void Reset()
    {
        _client.LingerState = _server.LingerState = new LingerOption(enable: true, seconds: 0);
        _stop.Cancel();
    }

    /// <summary>Lets bytes pass until both sides are done, or the toxic has had its effect.</summary>
    public async Task RunAsync(Uri target)
    {
        try
        {
            if (_toxic.RequestBytes == 0 || await PassAsync(target))
                await EndAsync();
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone, so the other has nothing more to expect.
        }
        finally
        {
            _client.Dispose();
            _server.Dispose();
        }
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>True when the toxic has had its effect.</summary>
    private async Task<bool> PassAsync(Uri target)
    {
        var client = new NetworkStream(_client);
        if (_toxic.Instead is { } instead)
        {
            var asked = new TaskCompletionSource();
            var requests = PumpAsync(client, Stream.Null, most: null, asked.SetResult);
            await await Task.WhenAny(asked.Task, requests);
            await instead(client, _stop.Token);
            return true;
        }

        await _server.ConnectAsync(target.Host, target.Port, _stop.Token);
        var server = new NetworkStream(_server);
        Task<bool>[] ways =
        [
            PumpAsync(client, server, _toxic.RequestBytes),
            _toxic.Distort is { } distort ? DistortAsync(server, client, distort) : PumpAsync(server, client, _toxic.AnswerBytes),
        ];
        await foreach (var way in Task.WhenEach(ways))
        {
            if (await way)
                return true;
        }

        return false;
    }

    private async Task EndAsync()
    {
        _toxic.AtEnding?.Invoke();
        switch (_toxic.Ending)
        {
            case Ending.Reset:
                Reset();
                break;
            case Ending.Close:
                _client.Shutdown(SocketShutdown.Send);
                // Closing with something unread would be a reset.
                await new NetworkStream(_client).CopyToAsync(Stream.Null, _stop.Token);
                break;
            default:
                await Task.Delay(Timeout.Infinite, _stop.Token);
                break;
        }
    }

    /// <summary>Passes bytes on; true when as many as may have passed.</summary>
    private async Task<bool> PumpAsync(Stream from, Stream to, long? most, Action? onFirst = null)
    {
        var buffer = new byte[_toxic.ChunkBytes];
        var started = 0L;
        for (var passed = 0L; ;)
        {
            var read = await from.ReadAsync(buffer, _stop.Token);
            if (read == 0)
            {
                (to as NetworkStream)?.Socket.Shutdown(SocketShutdown.Send);
                return false;
            }

            onFirst?.Invoke();
            onFirst = null;
            if (started == 0)
                started = TimeProvider.System.GetTimestamp();
            var wait = _toxic.BytesPerSecond is { } pace
                ? TimeSpan.FromSeconds((passed + read) / (double)pace) - TimeProvider.System.GetElapsedTime(started)
                : _toxic.Delay;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, _stop.Token);
            if (_isFrozen)
                await Task.Delay(Timeout.Infinite, _stop.Token);
            var pass = (int)Math.Min(read, most - passed ?? read);
            await to.WriteAsync(buffer.AsMemory(0, pass), _stop.Token);
            passed += pass;
            if (passed == most)
                return true;
        }
    }

    private async Task<bool> DistortAsync(NetworkStream server, NetworkStream client, Func<HttpAnswer, byte[]> distort)
    {
        var answer = await HttpAnswer.ReadAsync(server, _stop.Token);
        await client.WriteAsync(distort(answer), _stop.Token);
        return true;
    }
}
