using System.Text;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

/// <summary>Instances of another DICOMweb server are uploaded.</summary>
public sealed class CopyJobTests : IAsyncLifetime
{
    private FakeDicomStore _pacs = null!;
    private CoreHost _host = null!;

    public async Task InitializeAsync()
    {
        _pacs = await FakeDicomStore.StartAsync();
        _pacs.FindsParentsOnce = true;
        _host = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _pacs.DisposeAsync();
    }

    [Theory]
    [InlineData("studies/1", "1.1.0 1.1.1 1.2.0 1.2.1")]
    [InlineData("studies/1/series/1.2", "1.2.0 1.2.1")]
    [InlineData("studies/1/series/1.2/instances/1.2.1", "1.2.1")]
    [InlineData("studies?StudyInstanceUID=1", "1.1.0 1.1.1 1.2.0 1.2.1")]
    [InlineData("studies", "1.1.0 1.1.1 1.2.0 1.2.1 2.1.0 2.1.1 2.2.0 2.2.1")]
    [InlineData("series?limit=3&offset=1", "1.2.0 1.2.1 2.1.0 2.1.1 2.2.0 2.2.1")]
    [InlineData("studies/2/series", "2.1.0 2.1.1 2.2.0 2.2.1")]
    [InlineData("studies/2/instances?SeriesInstanceUID=2.2", "2.2.0 2.2.1")]
    [InlineData("instances?limit=5", "1.1.0 1.1.1 1.2.0 1.2.1 2.1.0")]
    public async Task What_a_source_stands_for_is_copied_a_record_each(string path, string instances)
    {
        Fill();
        _pacs.PageCap = 1;
        var records = await _host.UploadJobAsync($"\"dicomweb:PACS/{path}\"");
        Assert.Equal(instances.Split(' ').Select(Source), records.Select(record => (string)record["source"]!));
        Assert.All(records, record => Assert.True((bool)record["success"]!, record.ToJsonString()));
        Assert.Equal(instances.Split(' '), _host.Server.Stored.Keys.Order());
        Assert.All(_host.Server.Stored, stored => Assert.Equal(_pacs.Stored[stored.Key], stored.Value));
        // Small ones share requests, as from any source.
        Assert.All(_host.Server.Transactions, seen => Assert.NotNull(seen.ContentLength));
    }

    [Fact]
    public async Task Instances_of_a_store_of_the_same_server_are_copied_if_the_store_is_allowed()
    {
        await using var host = await CoreHost.StartAsync(settings: ("DicomWeb:AllowedStores:0", "projects/p/*"));
        host.Server.Rows = [FakeDicomStore.Row("1", "1.1", "1.1.0")];
        host.Server.OnRetrieve = async context =>
        {
            Assert.Contains("/datasets/d/dicomStores/other/dicomWeb/", context.Request.Path, StringComparison.Ordinal);
            await FakeDicomStore.InstanceAsync(context, Some.DicomFile("1", "1.1", "1.1.0"));
            return true;
        };
        const string Other = "locations/l/datasets/d/dicomStores/other/dicomWeb/studies/1";
        var records = await host.UploadJobAsync(
            $"\"dicomweb:projects/p/{Other}\"", $"\"dicomweb:projects/q/{Other}\"",
            $"\"dicomweb:projects/q/{Other}/series/1/instances/1\"");
        Assert.Equal(
            ["", "forbidden", "forbidden"], records.Select(record => record["error"]?["code"]?.ToString() ?? ""));
        Assert.Equal($"dicomweb:projects/p/{Other}/series/1.1/instances/1.1.0", (string?)records[0]["source"]);
        Assert.Equal(["1.1.0"], host.Server.Stored.Keys);
    }

    [Theory]
    [InlineData("nobody", "", "")]
    [InlineData("basic", "Basic dTpww6Q=", "User=u", "Password=pä")]
    [InlineData("bearer", "Bearer abc.def", "BearerToken=abc.def")]
    public async Task A_server_has_its_own_credential_and_none_other_gets_it(string name, string header, params string[] settings)
    {
        Fill();
        await using var host = await CoreHost.StartAsync(settings:
        [
            ("Authorization:Mode", "Bearer"), ("Authorization:BearerToken", "ours"), ($"Sources:DicomWeb:{name}:Url", _pacs.BaseUrl),
            .. settings.Where(setting => setting.Length > 0)
                .Select(setting => ($"Sources:DicomWeb:{name}:{setting.Split('=')[0]}", setting.Split('=')[1])),
        ]);
        var records = await host.UploadJobAsync($"\"dicomweb:{name.ToUpperInvariant()}/studies/1\"");
        Assert.All(records, record => Assert.True((bool)record["success"]!, record.ToJsonString()));
        Assert.Equal(4, records.Count);
        Assert.All(_pacs.Authorizations, seen => Assert.Equal(header, seen));
        Assert.All(host.Server.Authorizations, seen => Assert.Equal("Bearer ours", seen));
    }

    [Fact]
    public async Task A_search_that_is_not_complete_leaves_a_failed_record_and_what_it_found_is_copied()
    {
        Fill();
        _pacs.PageCap = 1;
        _pacs.Before = context => StatusAsync(
            context, context.Request.Query["offset"] == "1" && context.Request.Path == "/v1/studies" ? 500 : 0, "Out of luck.");
        var records = await _host.UploadJobAsync("\"dicomweb:PACS/studies?limit=9\"", "\"dicomweb:PACS/studies/2/series/2.1\"");
        Assert.Equal(
            ["dicomweb:PACS/studies?limit=9", Source("2.1.0"), Source("2.1.1"), .. "1.1.0 1.1.1 1.2.0 1.2.1".Split(' ').Select(Source)],
            records.Select(record => (string)record["source"]!));
        Assert.Equal([false, .. Enumerable.Repeat(true, 6)], records.Select(record => (bool)record["success"]!));
        Assert.Equal("unavailable", (string?)records[0]["error"]!["code"]);
        var reason = (string)records[0]["error"]!["reason"]!;
        Assert.StartsWith("The search for sources is not complete, so that some may be missing here. ", reason, StringComparison.Ordinal);
        Assert.Contains("500", reason, StringComparison.Ordinal);
        Assert.Contains("Out of luck.", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_study_that_cannot_be_listed_is_one_failed_record_and_retry_copies_it()
    {
        Fill();
        var isBroken = true;
        _pacs.Before = context => StatusAsync(context, isBroken && context.Request.Query["StudyInstanceUID"] == "1" ? 403 : 0, "No.");
        var id = await _host.RunJobAsync(Upload, "\"dicomweb:PACS/studies\"");
        var records = await _host.RecordsAsync(id);
        Assert.Equal([false, true, true, true, true], records.Select(record => (bool)record["success"]!));
        Assert.Equal(
            ("dicomweb:PACS/studies/1", "forbidden"), ((string?)records[0]["source"], (string?)records[0]["error"]!["code"]));
        isBroken = false;
        var retry = (await _host.Jobs.RetryAsync(id, caller: null, CancellationToken.None)).NewId!;
        Assert.Equal(4, (await _host.Jobs.WaitAsync(retry, CancellationToken.None).InTime())!.Summary!.Succeeded);
        Assert.Equal(8, _host.Server.Stored.Count);
    }

    [Theory]
    [InlineData("dicomweb:PACS/studies/3", "not_found")]
    [InlineData("dicomweb:PACS/studies?StudyInstanceUID=3", "no_match")]
    [InlineData("dicomweb:PACS/studies/1/series/1.1/instances/1.1.9", "not_found")]
    [InlineData("dicomweb:elsewhere/studies/1", "bad_reference")]
    [InlineData("dicomweb:elsewhere/studies/1/series/1.1/instances/1.1.0", "bad_reference")]
    [InlineData("dicomweb:PACS/study/1", "bad_reference")]
    public async Task What_cannot_be_read_is_a_failed_record_that_says_why(string source, string code)
    {
        Fill();
        var record = Assert.Single(await _host.UploadJobAsync($"\"{source}\""));
        Assert.Equal((source, code), ((string?)record["source"], (string?)record["error"]!["code"]));
        Assert.EndsWith(".", (string?)record["error"]!["reason"], StringComparison.Ordinal);
        Assert.Empty(_host.Server.Stored);
    }

    [Fact]
    public async Task A_server_that_repeats_its_first_results_is_found_out()
    {
        _pacs.Rows = [.. Enumerable.Range(0, 5_001).Select(i => FakeDicomStore.Row($"1.{i}"))];
        _pacs.IgnoresOffset = true;
        _pacs.PageCap = 5_000;
        await using var host = await StartAsync(("Sources:DicomWeb:PACS:PageSize", "5000"));
        var items = await host.Services.GetRequiredService<SourceCatalog>()
            .ExpandAsync("dicomweb:PACS/studies", after: null, CancellationToken.None)
            .SelectMany(page => page.Items)
            .ToListAsync();
        Assert.Equal(5_001, items.Count);
        Assert.Equal(("dicomweb:PACS/studies/1.4999", true), (items[^2].Reference, items[^2].IsPattern));
        Assert.Equal("dicomweb:PACS/studies", items[^1].Reference);
        Assert.Contains("ignores 'offset'", items[^1].Problem?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_search_is_made_in_windows_and_continues_after_any()
    {
        _pacs.Rows = [.. Enumerable.Range(0, 12_000).Select(i => FakeDicomStore.Row($"1.{i}"))];
        await using var host = await StartAsync(("Sources:DicomWeb:PACS:PageSize", "5000"));
        var sources = host.Services.GetRequiredService<SourceCatalog>();
        List<int> pages = [];
        List<string> found = [];
        string? after = null;
        do
        {
            var page = await sources.ExpandAsync("dicomweb:PACS/studies?offset=10&limit=11000", after, CancellationToken.None).FirstAsync();
            pages.Add(page.Items.Count);
            found.AddRange(page.Items.Select(item => item.Reference));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal([5_000, 5_000, 1_000], pages);
        Assert.Equal(Enumerable.Range(10, 11_000).Select(i => $"dicomweb:PACS/studies/1.{i}"), found);
    }

    [Fact]
    public async Task Rows_without_UIDs_are_one_failed_record_and_the_others_are_copied()
    {
        Fill();
        _pacs.Rows.Insert(1, """{"0020000E":{"vr":"UI","Value":["1.1"]}}""");
        _pacs.Rows.Insert(0, """{"0020000D":{"vr":"UI","Value":["../1"]}}""");
        var records = await _host.UploadJobAsync("\"dicomweb:PACS/studies\"");
        var failed = Assert.Single(records, record => !(bool)record["success"]!);
        Assert.Equal("dicomweb:PACS/studies", (string?)failed["source"]);
        Assert.Contains("2 without valid UIDs", (string?)failed["error"]!["reason"], StringComparison.Ordinal);
        Assert.Equal(8, _host.Server.Stored.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_one_of_unknown_length_is_sent_in_chunks_and_read_again_on_retry(bool sourceBreaks)
    {
        var large = Add("1", "1.1", "1.1.0", pixelBytes: 9_000_000);
        Add("1", "1.1", "1.1.1");
        var (reads, sends) = (0, 0);
        _pacs.OnRetrieve = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/1.1.0", StringComparison.Ordinal) || ++reads != 1 || !sourceBreaks)
                return false;
            context.Response.ContentType = WadoAnswer.Type;
            await context.Response.Body.WriteAsync(WadoAnswer.Body(large).AsMemory(0, 7_000_000));
            context.Abort();
            return true;
        };
        _host.Server.OnStow = (context, seen) =>
            StatusAsync(context, seen.Files[0].Length > 1_000_000 && ++sends == 1 && !sourceBreaks ? 503 : 0);
        var records = await _host.UploadJobAsync("\"dicomweb:PACS/studies/1\"");
        Assert.All(records, record => Assert.True((bool)record["success"]!, record.ToJsonString()));
        Assert.Equal([2, 1], records.Select(record => (int)record["attempts"]!));
        Assert.Equal(large, _host.Server.Stored["1.1.0"]);
        // Of the first attempt, the reading that found the header is sent on.
        Assert.Equal(2, reads);
        Assert.Null(_host.Server.Transactions.First(seen => seen.Files[0].Length > 1_000_000).ContentLength);
        AssertNoMemoryIsTaken();
    }

    [Fact]
    public async Task A_source_that_always_breaks_off_is_a_failed_record_and_nothing_of_it_is_stored()
    {
        var large = Add("1", "1.1", "1.1.0", pixelBytes: 9_000_000);
        Add("1", "1.1", "1.1.1");
        _pacs.OnRetrieve = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/1.1.0", StringComparison.Ordinal))
                return false;
            context.Response.ContentType = WadoAnswer.Type;
            await context.Response.Body.WriteAsync(WadoAnswer.Body(large).AsMemory(0, 7_000_000));
            context.Abort();
            return true;
        };
        var records = await _host.UploadJobAsync("\"dicomweb:PACS/studies/1\"");
        Assert.Equal([false, true], records.Select(record => (bool)record["success"]!));
        Assert.Equal("Reading the source broke off part of the way.", (string?)records[0]["error"]!["reason"]);
        Assert.Equal(["1.1.1"], _host.Server.Stored.Keys);
        AssertNoMemoryIsTaken();
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(9_000_000, true)]
    [InlineData(9_000_000, false)]
    public async Task An_instance_that_is_there_already_is_compared(int pixelBytes, bool isSame)
    {
        var file = Add("1", "1.1", "1.1.0", pixelBytes);
        _host.Server.Stored["1.1.0"] = isSame ? file : Some.DicomFile("1", "1.1", "1.1.0", pixelBytes: pixelBytes, pixel: 1);
        _host.Server.OnStow = async (context, _) =>
        {
            await FakeDicomStore.JsonAsync(context, StowAnswer.Of([], [StowAnswer.Failed("1.1.0", 0x0110, "already exists")]), 409);
            return true;
        };
        var record = Assert.Single(await _host.UploadJobAsync("\"dicomweb:PACS/studies/1\""));
        Assert.Equal(isSame, (bool)record["success"]!);
        Assert.Equal(isSame, record["already_stored"] is not null);
        Assert.Equal(isSame ? 200 : 409, (int)record["status"]!);
        AssertNoMemoryIsTaken();
    }

    [Fact]
    public async Task With_no_room_in_memory_every_instance_is_streamed()
    {
        Fill();
        await using var host = await StartAsync(("Jobs:UploadMemory", "0"));
        var records = await host.UploadJobAsync("\"dicomweb:PACS/studies\"");
        Assert.All(records, record => Assert.True((bool)record["success"]!, record.ToJsonString()));
        Assert.All(_pacs.Stored, stored => Assert.Equal(stored.Value, host.Server.Stored[stored.Key]));
    }

    [Fact]
    public async Task An_instance_that_is_sent_for_another_is_a_failed_record()
    {
        Add("1", "1.1", "1.1.0");
        _pacs.Stored["1.1.0"] = Some.DicomFile("1", "1.1", "6.6.6");
        var record = Assert.Single(await _host.UploadJobAsync("\"dicomweb:PACS/studies/1\""));
        Assert.Contains("sent another instance", (string?)record["error"]!["reason"], StringComparison.Ordinal);
        Assert.Empty(_host.Server.Stored);
    }

    private static JobSubmission Upload => new() { Kind = JobKind.Upload, Destination = CoreHost.Store.ToString() };

    private static string Source(string instance) =>
        $"dicomweb:PACS/studies/{instance.Split('.')[0]}/series/{instance[..3]}/instances/{instance}";

    private static async Task<bool> StatusAsync(HttpContext context, int status, string? text = null)
    {
        if (status == 0)
            return false;
        context.Response.StatusCode = status;
        if (text is not null)
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        return true;
    }

    private Task<CoreHost> StartAsync(params (string Key, string Value)[] settings) => CoreHost.StartAsync(
        settings: [("Sources:DicomWeb:PACS:Url", _pacs.BaseUrl), ("DicomWeb:MaxAttempts", "3"), .. settings]);

    /// <summary>Two studies of two series of two instances.</summary>
    private void Fill()
    {
        foreach (var study in new[] { "1", "2" })
        {
            foreach (var series in new[] { $"{study}.1", $"{study}.2" })
            {
                foreach (var instance in new[] { $"{series}.0", $"{series}.1" })
                    Add(study, series, instance);
            }
        }
    }

    private byte[] Add(string study, string series, string instance, int pixelBytes = 100)
    {
        _pacs.Rows.Add(FakeDicomStore.Row(study, series, instance));
        return _pacs.Stored[instance] = Some.DicomFile(study, series, instance, pixelBytes: pixelBytes);
    }

    private void AssertNoMemoryIsTaken()
    {
        var memory = _host.Services.GetRequiredService<UploadMemory>();
        Assert.True(memory.TryTake(new JobOptions().UploadMemory));
        memory.GiveBack(new JobOptions().UploadMemory);
    }
}
