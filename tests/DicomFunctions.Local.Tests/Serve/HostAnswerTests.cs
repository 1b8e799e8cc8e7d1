using DicomFunctions.Local.Serve;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Answers;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace DicomFunctions.Local.Tests.Serve;

/// <summary>How this host answers invalid and borderline requests. The end-to-end tests of the function app send the same ones.</summary>
public sealed class HostAnswerTests : IAsyncLifetime
{
    private const string Key = "0123456789abcdef";

    private readonly TempFolder _folder = new();
    private WebApplication _host = null!;

    public async Task InitializeAsync()
    {
        _host = ServeHost.Build(new Dictionary<string, string?>
        {
            ["DicomFunctions:Local:DataDirectory"] = _folder.Path,
            ["DicomFunctions:Local:Url"] = "http://127.0.0.1:0",
            ["DicomFunctions:Local:ApiKey"] = Key,
        });
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Requests_are_answered_as_the_table_says()
    {
        foreach (var answer in HostAnswers.All)
            await answer.CheckAsync(new Uri(_host.Urls.Single()), Key, isFunctionApp: false);
    }
}
