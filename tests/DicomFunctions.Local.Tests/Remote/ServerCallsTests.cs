using System.Net;
using System.Net.Sockets;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Remote;
using DicomFunctions.Local.Usage;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Remote;

public sealed class ServerCallsTests
{
    [Fact]
    public async Task A_server_that_cannot_be_reached_is_tried_again_named_at_once_and_given_up()
    {
        var clock = new TestClock();
        var notices = new Notices();
        List<string> told = [];
        using var redirection = notices.Redirect(told.Add);
        var server = new Uri($"http://127.0.0.1:{FreePort()}");
        using var calls = new ServerCalls(server, key: null, notices, clock);

        var call = calls.SendAsync(HttpMethod.Get, "jobs", createBody: null, CancellationToken.None);
        var waits = 0;
        while (!call.IsCompleted)
        {
            await Eventually.HoldsAsync(() => call.IsCompleted || clock.NextTimer is not null, "it waits for another attempt");
            if (clock.NextTimer is not { } wait)
                continue;
            waits++;
            Assert.NotEmpty(told);
            clock.Advance(wait);
        }

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => call);
        Assert.StartsWith(server.GetLeftPart(UriPartial.Authority), failure.Message, StringComparison.Ordinal);
        Assert.Equal(5, waits);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
