using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Sources.Gcs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources.Gcs;

/// <summary>A source that reads from a <see cref="FakeGcs"/>, trying three times.</summary>
public abstract class GcsFixture : IAsyncLifetime, IDisposable
{
    private GcsClient? _client;

    private protected TokenSource Tokens { get; } = new();

    private protected FakeGcs Gcs { get; private set; } = null!;

    private protected GcsSource Source { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Gcs = await FakeGcs.StartAsync();
        Use(attempts: 3, TimeSpan.FromSeconds(30));
    }

    public async Task DisposeAsync() => await Gcs.DisposeAsync();

    public void Dispose()
    {
        _client?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static async Task ForeverAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    protected static Task<bool> Answer(HttpContext context, bool condition, int status)
    {
        if (condition)
            context.Response.StatusCode = status;
        return Task.FromResult(condition);
    }

    private protected void Use(int attempts, TimeSpan timeout)
    {
        var options = Options.Create(new SourceOptions { GcsBaseUrl = Gcs.BaseUrl, GcsMaxAttempts = attempts, GcsTimeout = timeout });
        _client?.Dispose();
        var http = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false });
        _client = new GcsClient(http, Tokens, options, TimeProvider.System, new Unhesitating());
        Source = new GcsSource(_client, options, TimeProvider.System);
    }

    /// <summary>Waits come to nothing.</summary>
    private sealed class Unhesitating : Random
    {
        public override double NextDouble() => 0;
    }

    private protected sealed class TokenSource : IAccessTokenSource
    {
        private int _number = 1;

        public Exception? Failure { get; set; }

        public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) =>
            Failure is null ? new($"token-{_number}") : ValueTask.FromException<string?>(Failure);

        public void Invalidate(string token) => _number++;
    }
}
