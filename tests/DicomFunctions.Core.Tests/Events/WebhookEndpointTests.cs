using System.Globalization;
using System.Text;
using DicomFunctions.Core.Events;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.Events;

public sealed class WebhookEndpointTests : IAsyncLifetime
{
    private static readonly byte[] Json = Encoding.UTF8.GetBytes("{\"id\":\"one\",\"name\":\"ä\"}");

    private EventReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await EventReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Send_posts_the_event_signed_at_the_time_it_is_sent()
    {
        var clock = new TestClock();
        List<string> times = [];
        _receiver.Before = context =>
        {
            Assert.Equal(("POST", "?from=test"), (context.Request.Method, context.Request.QueryString.Value));
            Assert.False(context.Request.Headers.ContainsKey("Authorization"));
            times.Add(context.Request.Headers["webhook-timestamp"].ToString());
            return Task.FromResult(false);
        };
        using var endpoint = Create(time: clock);

        Assert.True((await endpoint.SendAsync("one", Json, CancellationToken.None).InTime()).IsAccepted);
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.True((await endpoint.SendAsync("one", Json, CancellationToken.None).InTime()).IsAccepted);

        Assert.Empty(_receiver.Refused);
        Assert.Equal(["one", "one"], _receiver.Ids);
        Assert.Equal("ä", (string?)_receiver.Events.First()["name"]);
        Assert.Equal(7, long.Parse(times[1], CultureInfo.InvariantCulture) - long.Parse(times[0], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(202, null)]
    [InlineData(302, "It answered 302.")]
    [InlineData(400, "It answered 400.")]
    [InlineData(410, "It answered 410.")]
    [InlineData(500, "It answered 500.")]
    public async Task Send_takes_any_2xx_for_yes_and_nothing_else(int status, string? problem)
    {
        var requests = 0;
        _receiver.Before = context =>
        {
            requests++;
            context.Response.StatusCode = status;
            context.Response.Headers.Location = _receiver.Url;
            return Task.FromResult(true);
        };
        using var endpoint = Create();

        Assert.Equal(problem, (await endpoint.SendAsync("one", Json, CancellationToken.None).InTime()).Problem);

        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task Send_tells_how_long_to_wait_and_not_what_the_server_says()
    {
        _receiver.Before = async context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "90000";
            await context.Response.WriteAsync("patient 7");
            return true;
        };
        using var endpoint = Create();

        var delivery = await endpoint.SendAsync("one", Json, CancellationToken.None).InTime();

        Assert.Equal(("It answered 429.", TimeSpan.FromHours(1)), (delivery.Problem, delivery.RetryAfter));
    }

    [Fact]
    public async Task Send_to_a_server_that_is_silent_or_not_there_is_no_exception()
    {
        _receiver.Before = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        using var silent = Create(timeout: TimeSpan.FromMilliseconds(100));
        Assert.Equal("The server did not answer in time.", (await silent.SendAsync("one", Json, CancellationToken.None).InTime()).Problem);

        using var missing = Create(url: $"http://127.0.0.1:{Ports.Free()}/");
        Assert.Equal(
            "The server refused the connection.", (await missing.SendAsync("one", Json, CancellationToken.None).InTime()).Problem);
    }

    [Fact]
    public async Task Send_reads_the_secret_file_each_time()
    {
        using var folder = new TempFolder();
        var file = folder.Combine("secret");
        using var endpoint = Create(secretFile: file);
        Assert.Contains("SecretFile", (await endpoint.SendAsync("one", Json, CancellationToken.None)).Problem, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "hunter2");
        Assert.DoesNotContain("hunter2", (await endpoint.SendAsync("one", Json, CancellationToken.None)).Problem, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, EventReceiver.Secret + "\n");

        Assert.True((await endpoint.SendAsync("one", Json, CancellationToken.None).InTime()).IsAccepted);
    }

    private WebhookEndpoint Create(
        string? url = null, TimeSpan? timeout = null, string? secretFile = null, TimeProvider? time = null) => new(
        Options.Create(new EventOptions
        {
            Url = new Uri(url ?? _receiver.Url),
            Secret = secretFile is null ? EventReceiver.Secret : null,
            SecretFile = secretFile,
            Timeout = timeout ?? TimeSpan.FromSeconds(30),
        }),
        time ?? TimeProvider.System);
}
