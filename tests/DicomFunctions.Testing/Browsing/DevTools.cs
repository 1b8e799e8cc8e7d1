using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace DicomFunctions.Testing.Browsing;

/// <summary>A connection to a browser by the DevTools protocol: commands with their answers, and events.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _asked = new();
    private readonly ConcurrentDictionary<string, Action<string, JsonObject>> _listeners = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _reading;
    private int _last;

    private DevTools(ClientWebSocket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    public static async Task<DevTools> ConnectAsync(Uri address)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, CancellationToken.None).InTime();
        return new DevTools(socket);
    }

    /// <summary>Has the events of a session told.</summary>
    public void Listen(string session, Action<string, JsonObject> listener) => _listeners[session] = listener;

    /// <summary>Sends a command and gives its result.</summary>
    public async Task<JsonObject> SendAsync(string method, JsonObject? parameters = null, string? session = null)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null)
            command["sessionId"] = session;
        await _sending.WaitAsync().InTime();
        try
        {
            await _socket.SendAsync(
                Encoding.UTF8.GetBytes(command.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, _end.Token).InTime();
        }
        finally
        {
            _sending.Release();
        }

        var result = await answer.Task.InTime();
        return result["error"] is { } error
            ? throw new InvalidOperationException($"{method}: {error["message"]}")
            : result["result"]!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _sending.Dispose();
        _end.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        while (!_end.IsCancellationRequested)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), _end.Token);
            message.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage)
                continue;
            var told = JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!.AsObject();
            message.SetLength(0);
            if ((int?)told["id"] is { } id && _asked.TryRemove(id, out var answer))
                answer.SetResult(told);
            else if ((string?)told["sessionId"] is { } session && _listeners.TryGetValue(session, out var listener))
                listener((string)told["method"]!, told["params"]!.AsObject());
        }
    }
}
