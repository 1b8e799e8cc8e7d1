using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Bench;

/// <summary>
/// Stores that answer searches with nothing, after a while, and refuse some: at random with 503, or with 429 beyond so many in each
/// second. On a port of its own, in this process.
/// </summary>
internal sealed class RefusingStore : IAsyncDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(20);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Rules> _stores = new();

    private RefusingStore(WebApplication app) => _app = app;

    /// <summary>What stands before <c>projects/</c>, with the slash.</summary>
    public string Root => _app.Urls.Single() + "/";

    public static async Task<RefusingStore> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var store = new RefusingStore(builder.Build());
        store._app.Run(store.AnswerAsync);
        await store._app.StartAsync();
        return store;
    }

    /// <summary>Has a store of this name refuse some. Gives how many it was asked for in each second, as far as it was.</summary>
    public IReadOnlyCollection<int> Set(string name, double refusedShare = 0, int? quota = null, int? retryAfter = null) =>
        (_stores[name] = new Rules(refusedShare, quota, retryAfter)).Asked;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var name = path[(path.IndexOf("/dicomStores/", StringComparison.Ordinal) + 13)..].Split('/')[0];
        var rules = _stores[name];
        context.Response.StatusCode = rules.Next();
        if (context.Response.StatusCode == 429)
        {
            if (rules.RetryAfter is { } seconds)
                context.Response.Headers.RetryAfter = $"{seconds}";
            return;
        }

        await Task.Delay(Answer);
    }

    private sealed class Rules(double refusedShare, int? quota, int? retryAfter)
    {
        private readonly Lock _lock = new();
        private readonly Random _random = new(1);
        private readonly List<int> _asked = [];
        private long _second;

        public int? RetryAfter => retryAfter;

        public IReadOnlyCollection<int> Asked => _asked;

        public int Next()
        {
            lock (_lock)
            {
                var second = TimeProvider.System.GetTimestamp() / TimeProvider.System.TimestampFrequency;
                if (_second == 0)
                    _second = second;
                while (_asked.Count <= second - _second)
                    _asked.Add(0);
                var asked = ++System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_asked)[^1];
                return asked > quota ? 429 : _random.NextDouble() < refusedShare ? 503 : 204;
            }
        }
    }
}
