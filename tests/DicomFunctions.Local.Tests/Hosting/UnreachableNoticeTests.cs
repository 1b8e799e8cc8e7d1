using System.Net.Sockets;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Hosting;

public sealed class UnreachableNoticeTests
{
    private readonly List<string> _told = [];
    private readonly TestClock _clock = new();

    [Fact]
    public async Task A_server_that_refuses_is_named_after_the_first_attempt_and_then_once_a_minute()
    {
        using var http = Create(() => throw new HttpRequestException(
            HttpRequestError.ConnectionError, "No.", new SocketException((int)SocketError.ConnectionRefused)));

        await FailAsync<HttpRequestException>(http);
        await FailAsync<HttpRequestException>(http);
        _clock.Advance(TimeSpan.FromSeconds(61));
        await FailAsync<HttpRequestException>(http);

        Assert.Equal(2, _told.Count);
        Assert.Equal("dicomfn: Cannot reach http://pacs:8042: Connection refused. Trying again. Ctrl+C stops.", _told[0]);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_the_connection_in_time_is_named()
    {
        using var http = Create(() => throw new TaskCanceledException("", new TimeoutException()));

        await FailAsync<TaskCanceledException>(http);

        Assert.Contains("no connection in time", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpRequestError.ResponseEnded)]
    [InlineData(HttpRequestError.InvalidResponse)]
    public async Task A_server_that_was_reached_is_not(HttpRequestError error)
    {
        using var http = Create(() => throw new HttpRequestException(error));

        await FailAsync<HttpRequestException>(http);

        Assert.Empty(_told);
    }

    private static Task FailAsync<T>(HttpMessageInvoker http)
        where T : Exception => Assert.ThrowsAsync<T>(
        () => http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://pacs:8042/studies?PatientID=7"), CancellationToken.None));

    private HttpMessageInvoker Create(Func<HttpResponseMessage> answer)
    {
        var notices = new Notices();
        notices.Redirect(_told.Add);
        return new HttpMessageInvoker(new UnreachableNotice(new Server(answer), notices, _clock));
    }

    private sealed class Server(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer());
    }
}
