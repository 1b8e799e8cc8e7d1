using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Faults;

public sealed class FaultTests : EmulatorTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Store.AddAsync([.. Enumerable.Range(1, 10).Select(number => SomeDicom.Instance(number))]);
    }

    [Fact]
    public async Task Rates_depend_on_the_seed_alone()
    {
        var faults = new FaultOptions
        {
            Seed = 5,
            TooManyRequestsRate = 0.2,
            UnavailableRate = 0.2,
            InternalErrorRate = 0.2,
            RetryAfterSeconds = 3,
        };
        Emulator.Faults.Set(StorePath, faults);
        var first = await StatusesAsync(60);
        Emulator.Faults.Set(StorePath, faults);
        var second = await StatusesAsync(60);
        Emulator.Faults.Set(StorePath, faults with { Seed = 6 });
        var third = await StatusesAsync(60);

        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
        Assert.Equal([200, 429, 500, 503], first.Distinct().Order());
    }

    [Theory]
    [InlineData(ErrorShape.Google, "application/json")]
    [InlineData(ErrorShape.Array, "application/json")]
    [InlineData(ErrorShape.Text, "text/plain")]
    [InlineData(ErrorShape.Html, "text/html")]
    [InlineData(ErrorShape.Empty, null)]
    public async Task Errors_have_the_configured_shape(ErrorShape shape, string? contentType)
    {
        Emulator.Faults.SetAll(new FaultOptions { TooManyRequestsRate = 1, RetryAfterSeconds = 7, ErrorShape = shape });

        using var response = await Store.GetAsync("studies");

        Assert.Equal(429, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(shape == ErrorShape.Array, (await response.Content.ReadAsStringAsync()).StartsWith('['));
    }

    [Fact]
    public async Task FailFirst_counts_down()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { FailFirst = 2, FailStatus = 401 });

        int[] expected = [401, 401, 200, 200];
        Assert.Equal(expected, await StatusesAsync(4));
    }

    [Fact]
    public async Task Kinds_limit_faults_to_their_requests()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { UnavailableRate = 1, Kinds = [RequestKind.Store] });

        using var stow = await Store.StowAsync(SomeDicom.Instance(11));

        Assert.Equal(503, (int)stow.StatusCode);
        Assert.Equal(10, (await Store.SearchAsync("instances")).Count);
    }

    [Fact]
    public async Task Faults_of_one_store_do_not_affect_another()
    {
        using var other = new StoreClient(Emulator.BaseAddress, StorePath + "2");
        Emulator.Faults.Set(StorePath, new FaultOptions { UnavailableRate = 1 });
        Assert.Empty(await other.SearchAsync("studies"));

        Emulator.Faults.Clear(StorePath);
        Emulator.Faults.SetAll(new FaultOptions { InternalErrorRate = 1 });
        using var response = await other.GetAsync("studies");
        Assert.Equal(500, (int)response.StatusCode);

        Emulator.Faults.Clear();
        Assert.Empty(await other.SearchAsync("studies"));
    }

    [Fact]
    public async Task DropBefore_breaks_the_connection_and_stores_nothing()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { DropBeforeRate = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => Store.StowAsync(SomeDicom.Instance(11)));

        Emulator.Faults.Clear();
        Assert.Equal(10, (await Store.SearchAsync("instances")).Count);
        Assert.Equal(1, Emulator.Statistics.Statuses[0]);
    }

    [Fact]
    public async Task DropAfter_breaks_the_connection_after_storing()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { DropAfterRate = 1, Kinds = [RequestKind.Store] });

        await Assert.ThrowsAsync<HttpRequestException>(() => Store.StowAsync(SomeDicom.Instance(11)));

        Assert.Single(await Store.SearchAsync("instances?SOPInstanceUID=1.2.3.1.1.11"));
    }

    [Theory]
    [InlineData("instances", null)]
    [InlineData("instances", 1)]
    [InlineData("instances", 0)]
    [InlineData("instances?SOPInstanceUID=1.2.3.1.1.1", 1_000_000)]
    [InlineData("studies/1.2.3.1", 100)]
    [InlineData("studies/1.2.3.1/metadata", 100)]
    public async Task Truncate_the_body_is_never_whole(string path, int? after)
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { TruncateRate = 1, TruncateAfterBytes = after });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Store.DicomWeb + path, UriKind.Relative));

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var response = await Store.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await response.Content.ReadAsByteArrayAsync();
        });
        Assert.Equal(1, Emulator.Statistics.Faults);
    }

    [Fact]
    public async Task PageCap_cuts_pages_silently()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { PageCap = 3 });

        var rows = await Store.SearchAsync("instances?limit=8");
        var rest = await Store.SearchAsync("instances?limit=8&offset=8");

        Assert.Equal(["1.2.3.1.1.1", "1.2.3.1.1.2", "1.2.3.1.1.3"], rows.All(Tags.SopInstanceUid));
        Assert.Equal(2, rest.Count);
    }

    [Fact]
    public async Task Offsets_fail_once_or_always()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { FailOnceAtOffset = 4, FailFromOffset = 8, FailStatus = 429 });

        int[] expected = [200, 429, 200, 429, 429];
        Assert.Equal(expected, await StatusesAsync(
            "instances?limit=4", "instances?limit=4&offset=4", "instances?limit=4&offset=4", "instances?limit=4&offset=8",
            "instances?limit=4&offset=8"));
    }

    [Fact]
    public async Task AnswerHtml_answers_every_request_with_HTML()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { AnswerHtml = true });

        using var response = await Store.GetAsync("studies");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task DiskFull_is_an_error_not_a_crash()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { DiskFull = true });
        using var full = await Store.StowAsync(SomeDicom.Instance(11));
        Emulator.Faults.Clear(StorePath);
        using var again = await Store.StowAsync(SomeDicom.Instance(11));

        await full.AssertErrorAsync(503, "UNAVAILABLE");
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(100_000)]
    public async Task Synthetic_rows_have_their_size_and_page(int rowBytes)
    {
        Emulator.Faults.SetSynthetic(StorePath, new SyntheticAnswers { Rows = 250, RowBytes = rowBytes });

        var page = await Store.SearchAsync("instances?StudyInstanceUID=1.2&SeriesInstanceUID=1.3&limit=200");
        var rest = await Store.SearchAsync("instances?limit=200&offset=200");

        Assert.Equal(200, page.Count);
        Assert.Equal(50, rest.Count);
        Assert.Equal(250, page.All(Tags.SopInstanceUid).Concat(rest.All(Tags.SopInstanceUid)).Distinct().Count());
        Assert.Equal("1.3", page[7].First(Tags.SeriesInstanceUid));
        Assert.All(page, row => Assert.Equal(rowBytes, System.Text.Encoding.UTF8.GetByteCount(row!.ToJsonString())));
        Assert.Empty(await Store.SearchAsync("instances?offset=250"));
    }

    [Theory]
    [InlineData("studies?StudyInstanceUID=1.7", Tags.StudyInstanceUid)]
    [InlineData("studies/1.5/series?SeriesInstanceUID=1.7", Tags.SeriesInstanceUid)]
    [InlineData("instances?SOPInstanceUID=1.7&StudyInstanceUID=1.5", Tags.SopInstanceUid)]
    public async Task Synthetic_lookup_by_UID_returns_that_row(string search, uint tag)
    {
        Emulator.Faults.SetSynthetic(StorePath, new SyntheticAnswers { Rows = 250 });

        Assert.Equal(["1.7"], (await Store.SearchAsync(search)).All(tag));
        Emulator.Faults.SetSynthetic(StorePath, null);
        Assert.Empty(await Store.SearchAsync(search));
    }

    [Fact]
    public async Task Synthetic_large_answer_costs_no_memory()
    {
        Emulator.Faults.SetSynthetic(StorePath, new SyntheticAnswers { Rows = 5000, RowBytes = 50_000 });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Store.DicomWeb + "studies?limit=5000", UriKind.Relative));
        using var response = await Store.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[256 * 1024];
        long total = 0;
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
            total += read;

        Assert.Equal((5000L * 50_000) + 5000 + 1, total);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, 150 << 20);
    }

    private Task<int[]> StatusesAsync(int count) => StatusesAsync([.. Enumerable.Repeat("studies", count)]);

    private async Task<int[]> StatusesAsync(params string[] searches)
    {
        var statuses = new List<int>();
        foreach (var search in searches)
        {
            using var response = await Store.GetAsync(search);
            statuses.Add((int)response.StatusCode);
        }

        return [.. statuses];
    }
}
