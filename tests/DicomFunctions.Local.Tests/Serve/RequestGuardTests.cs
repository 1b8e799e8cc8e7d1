using System.Net;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Serve;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Local.Tests.Serve;

/// <summary>Who may use the API without a key: programs on this machine, and this host's own pages.</summary>
public sealed class RequestGuardTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.2", true)]
    [InlineData("192.0.2.1", "192.0.2.7", false)]
    [InlineData("127.0.0.1", "192.0.2.7", false)]
    [InlineData("192.0.2.1", "127.0.0.1", false)]
    [InlineData("::ffff:192.0.2.1", "::ffff:127.0.0.1", false)]
    [InlineData(null, null, false)]
    public async Task Connections_with_an_end_on_another_machine_are_refused(string? local, string? remote, bool isServed)
    {
        foreach (var path in new[] { "/api/jobs", "/api/health" })
        {
            var status = await StatusAsync(key: null, context =>
            {
                context.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);
                context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
                context.Request.Path = path;
            });
            Assert.Equal(isServed ? 200 : 403, status);
        }
    }

    [Fact]
    public async Task With_the_key_connections_from_other_machines_are_served() =>
        Assert.Equal(200, await StatusAsync("0123456789abcdef", context =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
            context.Request.Headers["x-functions-key"] = "0123456789abcdef";
        }));

    [Theory]
    [InlineData(true, "http://127.0.0.1:7071")]
    [InlineData(true, "HTTP://127.0.0.1:7071")]
    [InlineData(false, "https://127.0.0.1:7071")]
    [InlineData(false, "http://127.0.0.1:7072")]
    [InlineData(false, "http://127.0.0.1:7071/")]
    [InlineData(false, "http://x@127.0.0.1:7071")]
    [InlineData(false, "ftp://127.0.0.1:7071")]
    [InlineData(false, "127.0.0.1:7071")]
    [InlineData(false, "null")]
    [InlineData(false, "")]
    [InlineData(false, "http://127.0.0.1:7071, http://evil.example")]
    [InlineData(false, "http://127.0.0.1:7071", "http://127.0.0.1:7071")]
    [InlineData(false, "http://evil.example", "http://127.0.0.1:7071")]
    public async Task Origins_must_be_this_hosts_own(bool isServed, params string[] origins) =>
        Assert.Equal(isServed ? 200 : 403, await StatusAsync(key: null, context => context.Request.Headers.Origin = origins));

    [Theory]
    [InlineData(true, "same-origin")]
    [InlineData(true, "none")]
    [InlineData(false, "cross-site")]
    [InlineData(false, "same-site")]
    [InlineData(false, "")]
    [InlineData(false, "none", "cross-site")]
    public async Task Pages_of_other_sites_are_refused_by_their_fetch_metadata(bool isServed, params string[] sites) =>
        Assert.Equal(isServed ? 200 : 403, await StatusAsync(key: null, context => context.Request.Headers["Sec-Fetch-Site"] = sites));

    [Theory]
    [InlineData("localhost:7071", true)]
    [InlineData("[::1]:7071", true)]
    [InlineData("[::ffff:127.0.0.1]:7071", true)]
    [InlineData("evil.example:7071", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    public async Task Host_names_other_than_loopback_are_refused(string host, bool isServed) =>
        Assert.Equal(isServed ? 200 : 403, await StatusAsync(key: null, context => context.Request.Host = new HostString(host)));

    [Theory]
    [InlineData("http://127.0.0.1:7071", true)]
    [InlineData("https://localhost:7071", true)]
    [InlineData("http://[::1]:7071", true)]
    [InlineData("http://[::]:7071", false)]
    [InlineData("http://0.0.0.0:7071", false)]
    [InlineData("http://*:7071", false)]
    [InlineData("http://+:7071", false)]
    [InlineData("http://some.example:7071", false)]
    [InlineData("http://unix:/run/dicomfn.sock", false)]
    public void Loopback_listening_addresses_are_recognized(string address, bool isLoopback) =>
        Assert.Equal(isLoopback, Loopback.IsListeningAddress(address));

    private static async Task<int> StatusAsync(string? key, Action<HttpContext> change)
    {
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Connection.LocalIpAddress = context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("127.0.0.1:7071");
        context.Request.Path = "/api/jobs";
        change(context);
        await new RequestGuard(Options.Create(new LocalOptions { ApiKey = key })).InvokeAsync(context, _ => Task.CompletedTask);
        return context.Response.StatusCode;
    }
}
