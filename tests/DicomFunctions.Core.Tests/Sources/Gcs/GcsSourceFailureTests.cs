using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Sources;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources.Gcs;

public sealed class GcsSourceFailureTests : GcsFixture
{
    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task OpenAsync_passing_failures_are_tried_again(int status)
    {
        Gcs.Put("b", "x", [1]);
        var failures = 2;
        Gcs.Before = (context, _) => Answer(context, failures-- > 0, status);
        Assert.Equal([1], await Source.ReadAsync("gs://b/x"));
        Assert.Equal(4, Gcs.Requests.Count);
    }

    [Theory]
    [InlineData(503, FailureCode.Unavailable, 3)]
    [InlineData(403, FailureCode.Forbidden, 1)]
    [InlineData(400, FailureCode.Unreadable, 1)]
    [InlineData(301, FailureCode.Unreadable, 1)]
    public async Task OpenAsync_lasting_failures_are_problems(int status, string code, int requests)
    {
        Gcs.Before = (context, _) => Answer(context, true, status);
        Assert.Equal(code, await Source.FailureAsync("gs://b/x"));
        Assert.Equal(requests, Gcs.Requests.Count);
    }

    [Fact]
    public async Task OpenAsync_token_refused_is_refreshed_once()
    {
        Gcs.Put("b", "x", [1]);
        Gcs.Token = "token-2";
        Assert.Equal([1], await Source.ReadAsync("gs://b/x"));
        Assert.Equal(3, Gcs.Requests.Count);
        Gcs.Token = "never";
        Assert.Equal(FailureCode.Forbidden, await Source.FailureAsync("gs://b/x"));
        Assert.Equal(5, Gcs.Requests.Count);
    }

    [Fact]
    public async Task OpenAsync_no_token_is_a_problem_in_the_token_sources_words()
    {
        Tokens.Failure = new AccessTokenException("Log in first.");
        var opening = await Source.OpenAsync("gs://b/x", CancellationToken.None);
        Assert.Equal(new SourceProblem(FailureCode.Forbidden, "Log in first."), opening.Problem);
    }

    [Fact]
    public async Task OpenAsync_object_replaced_between_the_requests_is_opened_anew()
    {
        Gcs.Put("b", "x", [1]);
        var replacements = 1;
        Gcs.Before = (_, target) =>
        {
            if (target.Contains("alt=media", StringComparison.Ordinal) && replacements-- > 0)
                Gcs.Put("b", "x", [2, 2]);
            return Task.FromResult(false);
        };
        Assert.Equal([2, 2], await Source.ReadAsync("gs://b/x"));
        replacements = int.MaxValue;
        Assert.Equal(FailureCode.Changed, await Source.FailureAsync("gs://b/x"));
    }

    [Fact]
    public async Task Content_connection_that_breaks_is_a_read_problem()
    {
        var opening = new TaskCompletionSource();
        Gcs.Put("b", "x", new byte[1000]);
        Gcs.Before = async (context, target) =>
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
        await using var opened = await Source.OpenedAsync("gs://b/x");
        opening.SetResult();
        await Assert.ThrowsAnyAsync<IOException>(() => opened.ReadToEndAsync());
        Assert.Equal(FailureCode.Unavailable, opened.ReadProblem?.Code);
        Assert.False(await opened.IsUnchangedAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Silence_before_the_answer_or_amid_the_content_ends_at_the_timeout()
    {
        Gcs.Put("b", "x", new byte[1000]);
        Use(attempts: 1, TimeSpan.FromSeconds(2));
        Gcs.Before = async (context, target) =>
        {
            if (!target.Contains("alt=media", StringComparison.Ordinal))
                return false;
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync();
            await ForeverAsync(context);
            return true;
        };
        await using (var opened = await Source.OpenedAsync("gs://b/x"))
        {
            await Assert.ThrowsAsync<IOException>(() => opened.ReadToEndAsync());
            Assert.Equal(FailureCode.Unreadable, opened.ReadProblem?.Code);
        }

        Gcs.Before = async (context, _) =>
        {
            await ForeverAsync(context);
            return true;
        };
        Assert.Equal(FailureCode.Unavailable, await Source.FailureAsync("gs://b/x"));
    }

    [Fact]
    public async Task OpenAsync_cancelled_throws()
    {
        using var cancelled = new CancellationTokenSource();
        Gcs.Before = async (context, _) =>
        {
            await cancelled.CancelAsync();
            await ForeverAsync(context);
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Source.OpenAsync("gs://b/x", cancelled.Token));
    }

    [Theory]
    [InlineData("<html>proxy</html>")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"size":"many"}""")]
    public async Task OpenAsync_server_that_is_not_Cloud_Storage_is_a_problem(string body)
    {
        Gcs.Before = async (context, _) =>
        {
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
            return true;
        };
        Assert.Equal(FailureCode.Unreadable, await Source.FailureAsync("gs://b/x"));
    }

    [Fact]
    public async Task OpenAsync_nobody_there_is_a_problem()
    {
        await Gcs.DisposeAsync();
        Gcs.Requests.Clear();
        Assert.Equal(FailureCode.Unavailable, await Source.FailureAsync("gs://b/x"));
    }
}
