using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Sources.Gcs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources;

public sealed class GcsSourceTests : IAsyncLifetime, IDisposable
{
    private readonly TokenSource _tokens = new();
    private FakeGcs _gcs = null!;
    private GcsClient _client = null!;
    private GcsSource _source = null!;

    public async Task InitializeAsync()
    {
        _gcs = await FakeGcs.StartAsync();
        var options = Options.Create(new SourceOptions { GcsBaseUrl = _gcs.BaseUrl, GcsMaxAttempts = 3, GcsTimeout = TimeSpan.FromSeconds(30) });
        Use(options);
    }

    public async Task DisposeAsync() => await _gcs.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task ExpandAsync_Patterns_GiveTheObjectsOfEveryPage()
    {
        for (var i = 0; i < 7; i++)
            _gcs.Put("b", $"scans/{i}.dcm", [1]);
        foreach (var name in new[] { "scans/x.txt", "scans/deep/y.dcm", "scans/deep/", "other/z.dcm" })
            _gcs.Put("b", name, [1]);
        _gcs.PageSize = 2;
        var flat = Enumerable.Range(0, 7).Select(i => $"gs://b/scans/{i}.dcm").ToList();
        Assert.Equal(flat, await _source.ExpandAsync("gs://b/scans/*.dcm"));
        Assert.Equal(4, _gcs.Requests.Count); // eight names: what is below is not listed
        Assert.Equal([.. flat, "gs://b/scans/deep/y.dcm"], await _source.ExpandAsync("gs://b/scans/**.dcm"));
        Assert.Equal([.. flat, "gs://b/scans/deep/y.dcm", "gs://b/scans/x.txt"], await _source.ExpandAsync("gs://b/scans/"));
        Assert.Equal(10, (await _source.ExpandAsync("gs://b/")).Count);
        Assert.Equal(["gs://b/any.dcm"], await _source.ExpandAsync("gs://b/any.dcm"));
    }

    [Theory]
    [InlineData("gs://b/none/*", SourceProblemCode.NoMatch)]
    [InlineData("gs://b", SourceProblemCode.BadReference)]
    [InlineData("gs:b/x*", SourceProblemCode.BadReference)]
    [InlineData("gs://B!/x*", SourceProblemCode.BadReference)]
    [InlineData("gs:///x*", SourceProblemCode.BadReference)]
    [InlineData("gs://../x*", SourceProblemCode.BadReference)]
    public async Task ExpandAsync_NothingToFind_IsOneProblem(string pattern, string code) =>
        Assert.Equal([$"<{code}>"], await _source.ExpandAsync(pattern));

    [Fact]
    public async Task ExpandAsync_PageThatFailsForGood_EndsWithAProblem()
    {
        for (var i = 0; i < 4; i++)
            _gcs.Put("b", $"{i}.dcm", [1]);
        _gcs.PageSize = 2;
        _gcs.Before = (context, target) => Answer(context, target.Contains("pageToken", StringComparison.Ordinal), 503);
        Assert.Equal(["gs://b/0.dcm", "gs://b/1.dcm", "<unavailable>"], await _source.ExpandAsync("gs://b/*.dcm"));
        Assert.Equal(4, _gcs.Requests.Count);
    }

    [Theory]
    [InlineData("plain.dcm")]
    [InlineData("a/b/c.dcm")]
    [InlineData("a b+c%2Fd?e#f&g=h.dcm")]
    [InlineData("ä/猫/../x.dcm")]
    [InlineData("w*ld?.dcm")]
    public async Task OpenAsync_AnyName_GivesItsBytes(string name)
    {
        _gcs.Put("b", name, [1, 2, 3]);
        Assert.Equal([1, 2, 3], await _source.ReadAsync("gs://b/" + name));
    }

    [Theory]
    [InlineData("gs://b/none.dcm", SourceProblemCode.NotFound)]
    [InlineData("gs://none/x.dcm", SourceProblemCode.NotFound)]
    [InlineData("gs://b/empty.dcm", SourceProblemCode.Empty)]
    [InlineData("gs://b/zipped.dcm", SourceProblemCode.Unreadable)]
    [InlineData("gs://b/", SourceProblemCode.BadReference)]
    [InlineData("gs://b/..", SourceProblemCode.BadReference)]
    [InlineData("gs://b/a\nb", SourceProblemCode.BadReference)]
    [InlineData("gs://b%2f..%2fc/x", SourceProblemCode.BadReference)]
    [InlineData("gs:", SourceProblemCode.BadReference)]
    public async Task OpenAsync_NothingToRead_IsAProblem(string reference, string code)
    {
        _gcs.Put("b", "empty.dcm", []);
        _gcs.Put("b", "zipped.dcm", [1], contentEncoding: "gzip");
        Assert.Equal(code, await _source.FailureAsync(reference));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task OpenAsync_PassingFailures_AreTriedAgain(int status)
    {
        _gcs.Put("b", "x", [1]);
        var failures = 2;
        _gcs.Before = (context, _) => Answer(context, failures-- > 0, status);
        Assert.Equal([1], await _source.ReadAsync("gs://b/x"));
        Assert.Equal(4, _gcs.Requests.Count);
    }

    [Theory]
    [InlineData(503, SourceProblemCode.Unavailable, 3)]
    [InlineData(403, SourceProblemCode.Forbidden, 1)]
    [InlineData(400, SourceProblemCode.Unreadable, 1)]
    [InlineData(301, SourceProblemCode.Unreadable, 1)]
    public async Task OpenAsync_LastingFailures_AreProblems(int status, string code, int requests)
    {
        _gcs.Before = (context, _) => Answer(context, true, status);
        Assert.Equal(code, await _source.FailureAsync("gs://b/x"));
        Assert.Equal(requests, _gcs.Requests.Count);
    }

    [Fact]
    public async Task OpenAsync_TokenRefused_IsRefreshedOnce()
    {
        _gcs.Put("b", "x", [1]);
        _gcs.Token = "token-2";
        Assert.Equal([1], await _source.ReadAsync("gs://b/x"));
        Assert.Equal(3, _gcs.Requests.Count);
        _gcs.Token = "never";
        Assert.Equal(SourceProblemCode.Forbidden, await _source.FailureAsync("gs://b/x"));
        Assert.Equal(5, _gcs.Requests.Count);
    }

    [Fact]
    public async Task OpenAsync_NoToken_IsAProblemInTheTokenSourcesWords()
    {
        _tokens.Failure = new AccessTokenException("Log in first.");
        var opening = await _source.OpenAsync("gs://b/x", CancellationToken.None);
        Assert.Equal(new SourceProblem(SourceProblemCode.Forbidden, "Log in first."), opening.Problem);
    }

    [Fact]
    public async Task OpenAsync_ObjectReplacedBetweenTheRequests_IsOpenedAnew()
    {
        _gcs.Put("b", "x", [1]);
        var replacements = 1;
        _gcs.Before = (_, target) =>
        {
            if (target.Contains("alt=media", StringComparison.Ordinal) && replacements-- > 0)
                _gcs.Put("b", "x", [2, 2]);
            return Task.FromResult(false);
        };
        Assert.Equal([2, 2], await _source.ReadAsync("gs://b/x"));
        replacements = int.MaxValue;
        Assert.Equal(SourceProblemCode.Changed, await _source.FailureAsync("gs://b/x"));
    }

    [Fact]
    public async Task Content_ConnectionThatBreaks_IsAReadProblem()
    {
        var opening = new TaskCompletionSource();
        _gcs.Put("b", "x", new byte[1000]);
        _gcs.Before = async (context, target) =>
        {
            if (!target.Contains("alt=media", StringComparison.Ordinal))
                return false;
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync();
            await opening.Task;
            context.Abort();
            return true;
        };
        await using var opened = await _source.OpenedAsync("gs://b/x");
        opening.SetResult();
        await Assert.ThrowsAnyAsync<IOException>(() => opened.ReadToEndAsync());
        Assert.Equal(SourceProblemCode.Unreadable, opened.ReadProblem?.Code);
        Assert.False(await opened.IsUnchangedAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Silence_BeforeTheAnswerOrAmidTheContent_EndsAtTheTimeout()
    {
        _gcs.Put("b", "x", new byte[1000]);
        Use(Options.Create(new SourceOptions { GcsBaseUrl = _gcs.BaseUrl, GcsMaxAttempts = 1, GcsTimeout = TimeSpan.FromMilliseconds(500) }));
        _gcs.Before = async (context, target) =>
        {
            if (!target.Contains("alt=media", StringComparison.Ordinal))
                return false;
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync();
            await ForeverAsync(context);
            return true;
        };
        await using (var opened = await _source.OpenedAsync("gs://b/x"))
        {
            await Assert.ThrowsAsync<IOException>(() => opened.ReadToEndAsync());
            Assert.Equal(SourceProblemCode.Unreadable, opened.ReadProblem?.Code);
        }

        _gcs.Before = async (context, _) =>
        {
            await ForeverAsync(context);
            return true;
        };
        Assert.Equal(SourceProblemCode.Unavailable, await _source.FailureAsync("gs://b/x"));
    }

    [Fact]
    public async Task OpenAsync_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        _gcs.Before = async (context, _) =>
        {
            await cancelled.CancelAsync();
            await ForeverAsync(context);
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _source.OpenAsync("gs://b/x", cancelled.Token));
    }

    [Theory]
    [InlineData("<html>proxy</html>")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"size":"many"}""")]
    public async Task OpenAsync_ServerThatIsNotCloudStorage_IsAProblem(string body)
    {
        _gcs.Before = async (context, _) =>
        {
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
            return true;
        };
        Assert.Equal(SourceProblemCode.Unreadable, await _source.FailureAsync("gs://b/x"));
    }

    [Fact]
    public async Task OpenAsync_NobodyThere_IsAProblem()
    {
        await _gcs.DisposeAsync();
        _gcs.Requests.Clear();
        Assert.Equal(SourceProblemCode.Unavailable, await _source.FailureAsync("gs://b/x"));
    }

    private static async Task ForeverAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private static Task<bool> Answer(HttpContext context, bool condition, int status)
    {
        if (condition)
            context.Response.StatusCode = status;
        return Task.FromResult(condition);
    }

    private void Use(IOptions<SourceOptions> options)
    {
        _client?.Dispose();
        var http = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false });
        _client = new GcsClient(http, _tokens, options, TimeProvider.System, new Unhesitating());
        _source = new GcsSource(_client, options, TimeProvider.System);
    }

    /// <summary>Waits come to nothing.</summary>
    private sealed class Unhesitating : Random
    {
        public override double NextDouble() => 0;
    }

    private sealed class TokenSource : IAccessTokenSource
    {
        private int _number = 1;

        public Exception? Failure { get; set; }

        public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) =>
            Failure is null ? new($"token-{_number}") : ValueTask.FromException<string?>(Failure);

        public void Invalidate(string token) => _number++;
    }
}
