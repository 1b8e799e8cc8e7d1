using System.Net;
using System.Text.RegularExpressions;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Tests.Fakes;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

/// <summary>The page and its files as they are answered.</summary>
public sealed class DashboardPageTests : IAsyncLifetime
{
    private CoreHost _host = null!;
    private ApiServer _api = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync();
        _api = await ApiServer.StartAsync(_host);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _api.Http.BaseAddress };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _api.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "/api/dashboard")]
    [InlineData("/?code=a%2Bb", "/api/dashboard?code=a%2Bb")]
    [InlineData("/api/dashboard/?code=k", "/api/dashboard?code=k")]
    public async Task Home_and_a_trailing_slash_lead_to_the_page_with_the_key(string path, string location)
    {
        using var answer = await _http.GetAsync(path);

        Assert.Equal((HttpStatusCode.Found, location), (answer.StatusCode, answer.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task Page_allows_only_what_comes_from_its_own_files()
    {
        using var answer = await _http.GetAsync("/api/dashboard");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotMatch(@"(?i)<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|https?://", html);
        foreach (var link in Regex.Matches(html, "(?:src|href)=\"(dashboard/[^\"]+)\"").Select(link => link.Groups[1].Value))
            Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/" + link)).StatusCode);
    }

    [Fact]
    public async Task Scripts_import_only_each_other_and_make_no_markup_of_text()
    {
        var read = new HashSet<string>();
        await ReadAsync("app.js");

        Assert.InRange(read.Count, 5, 30);

        async Task ReadAsync(string file)
        {
            if (!read.Add(file))
                return;
            using var answer = await _http.GetAsync($"/api/dashboard/{file}");
            var script = await answer.Content.ReadAsStringAsync();
            Assert.Equal((HttpStatusCode.OK, "text/javascript"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script);
            foreach (Match import in Regex.Matches(script, @"from '([^']+)'"))
            {
                Assert.StartsWith("./", import.Groups[1].Value, StringComparison.Ordinal);
                await ReadAsync(import.Groups[1].Value[2..]);
            }
        }
    }

    [Theory]
    [InlineData("/api/dashboard", "no-cache")]
    [InlineData("/api/dashboard?code=k", "no-store")]
    [InlineData("/api/dashboard/style.css", "no-cache")]
    public async Task Files_are_not_sent_again_while_they_are_the_same(string path, string caching)
    {
        using var first = await _http.GetAsync(path);
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _http.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(caching, $"{first.Headers.CacheControl}");
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("..%2Fopenapi.json")]
    [InlineData("APP.JS")]
    public async Task What_is_no_file_of_the_page_is_not_found(string file)
        => Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync($"/api/dashboard/{file}")).StatusCode);

    [Fact]
    public void Every_reason_has_its_words()
    {
        using var stream = typeof(DashboardPage).Assembly.GetManifestResourceStream("dashboard/reasons.js")!;
        var script = new StreamReader(stream).ReadToEnd();

        Assert.Equal(
            typeof(FailureCode).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
            Regex.Matches(script, @"^  ([a-z_]+): \['", RegexOptions.Multiline)
                .Select(code => code.Groups[1].Value)
                .Order(StringComparer.Ordinal));
    }
}
