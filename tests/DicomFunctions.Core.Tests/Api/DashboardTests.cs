using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Browsing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

/// <summary>
/// The dashboard in a browser. What it looks like is in <c>TestResults/screenshots</c>. Whatever a test does, nothing may be thrown,
/// stopped by the content security policy, or asked for while another request is in flight.
/// </summary>
public sealed class DashboardTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private const string Updated = "document.getElementById('link')?.classList.contains('good')";

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly TaskCompletionSource _go = new();
    private CoreHost _host = null!;
    private ApiServer _api = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync(
            settings: [("Drop:Destination", CoreHost.Store.ToString()), ("Drop:SettleTime", "00:00:00")]);
        _api = await ApiServer.StartAsync(_host);
    }

    public async Task DisposeAsync()
    {
        _go.TrySetResult();
        await _api.DisposeAsync();
        await _host.DisposeAsync();
    }

    [ChromiumFact(withAxe: true)]
    public async Task Without_jobs_the_page_says_what_to_do_first()
    {
        await LookAsync("zero", "", async page =>
        {
            await page.HoldsAsync("document.querySelector('.start') && !document.querySelector('.start').hidden");
            Assert.Contains("dicomfn demo", await page.TextAsync(".start"), StringComparison.Ordinal);
            Assert.Contains($"{_api.Http.BaseAddress}api/search", await page.TextAsync(".start"), StringComparison.Ordinal);
        });
    }

    [ChromiumFact(withAxe: true)]
    public async Task Overview_shows_jobs_in_every_state_and_is_for_everybody()
    {
        await FillAsync();
        var running = await RunAsync();

        await LookAsync("overview", "", async page =>
        {
            await page.HoldsAsync($"document.querySelector('.running a[href=\"#/jobs/{running}\"]')");
            await page.HoldsAsync("document.querySelectorAll('.reasons li').length === 3");
            foreach (var state in new[] { "Running", "Completed", "Cancelled", "Failed", "Interrupted", "Damaged" })
                Assert.Contains(state, await page.TextAsync(".jobs .body"), StringComparison.Ordinal);
            Assert.Contains("1,240 records", await page.TextAsync("figure .summary"), StringComparison.Ordinal);
        });
    }

    [ChromiumFact(withAxe: true)]
    public async Task Job_page_shows_why_inputs_failed_with_a_sample_and_the_records()
    {
        var id = await FillAsync();

        await LookAsync("job", $"#/jobs/{id}", async page =>
        {
            await page.HoldsAsync("document.querySelectorAll('.records tbody tr').length === 25");
            await page.HoldsAsync("document.querySelectorAll('.sample:not([hidden])').length === 2");
            Assert.Contains("Another instance", await page.TextAsync(".samples"), StringComparison.Ordinal);
            Assert.Contains("Records 1 to 25 of 40.", await page.TextAsync("main"), StringComparison.Ordinal);
            Assert.Equal(4, (int?)await page.EvaluateAsync("document.querySelectorAll('.chart .bars g').length"));
            Assert.Contains("ward 3", await page.TextAsync(".facts"), StringComparison.Ordinal);
        });
    }

    [ChromiumFact]
    public async Task Records_are_paged_and_filtered_by_outcome()
    {
        var id = await FillAsync();
        await using var page = await OpenAsync($"#/jobs/{id}");

        await page.HoldsAsync("document.querySelectorAll('.records tbody tr').length === 25");
        await ClickAsync(page, ".pages button:nth-child(2)");
        await page.HoldsAsync("document.querySelectorAll('.records tbody tr').length === 15");
        await page.EvaluateAsync(
            "(() => { const f = document.querySelector('.one select'); f.value = 'failed'; f.dispatchEvent(new Event('change')) })()");
        await page.HoldsAsync("document.querySelectorAll('.records tbody tr').length === 10");
        Assert.EndsWith("?outcome=failed", (string?)await page.EvaluateAsync("location.hash"), StringComparison.Ordinal);
        await CheckAsync(page);
    }

    [ChromiumFact]
    public async Task A_record_of_many_megabytes_is_cut()
    {
        var id = new StoredJob
        {
            Inputs = 2,
            Records =
            [
                $$"""{"input":{"search_type":"studies"},"result":["{{new string('x', 3 << 20)}}"],"success":true,"status":200}""",
                $$"""{"input":"<img src=x>","result":["{{new string('y', 20 << 20)}}"],"success":true,"status":200}""",
            ],
        }.AddTo(_host);
        await using var page = await OpenAsync($"#/jobs/{id}");

        await page.HoldsAsync("document.querySelectorAll('.records tbody tr').length === 2");
        Assert.Contains("3.1 MB; the beginning is shown", await page.TextAsync(".records"), StringComparison.Ordinal);
        Assert.Contains("They are large: the page ends here", await page.TextAsync("main"), StringComparison.Ordinal);
        Assert.True((long)(await page.EvaluateAsync("document.querySelector('.records').textContent.length"))! < 200_000);
        Assert.Equal(0, (int?)await page.EvaluateAsync("document.querySelectorAll('.records img').length"));
        await CheckAsync(page);
    }

    [ChromiumFact]
    public async Task Of_thousands_of_jobs_older_ones_are_added_and_not_asked_for_again()
    {
        foreach (var i in Enumerable.Range(0, 1_200))
            new StoredJob { At = Now.AddSeconds(-40 * i), Inputs = 1, Kind = (JobKind)(i % 4) }.AddTo(_host);
        await RunAsync();
        await using var page = await OpenAsync("");

        for (var pages = 1; pages <= 3; pages++)
        {
            await page.HoldsAsync($"document.querySelectorAll('.jobs .body .row').length === {50 * pages}");
            await ClickAsync(page, "section > p > button");
        }

        await page.HoldsAsync("document.querySelectorAll('.jobs .body .row').length === 200");
        var seen = page.Requests.Count;
        await Eventually.HoldsAsync(() => page.Requests.Count >= seen + 5, "it has looked twice more");
        Assert.Equal(3, page.Requests.Count(request => request.Contains("before=", StringComparison.Ordinal)));
        Assert.Contains("The last day had more jobs", await page.TextAsync("main"), StringComparison.Ordinal);
        await SaveAsync(page, "thousands-light-1280");
        await CheckAsync(page);
    }

    [ChromiumFact]
    public async Task Focus_and_selection_stay_while_the_page_is_updated()
    {
        await FillAsync();
        await RunAsync();
        await using var page = await OpenAsync("");
        await page.HoldsAsync("document.querySelector('.jobs .body .row button')");
        await page.EvaluateAsync("""
            (() => {
              const row = document.querySelectorAll('.jobs .body .row')[1];
              getSelection().selectAllChildren(row.querySelector('.id'));
              window.focused = document.querySelector('.jobs .body button');
              window.focused.focus({ preventScroll: true });
              window.row = row;
            })()
            """);
        var selected = (string?)await page.EvaluateAsync("getSelection().toString()");
        new StoredJob { At = DateTimeOffset.UtcNow }.AddTo(_host);
        var rows = (int)(await page.EvaluateAsync("document.querySelectorAll('.jobs .body .row').length"))!;

        await page.HoldsAsync($"document.querySelectorAll('.jobs .body .row').length === {rows + 1}");

        Assert.NotEqual("", selected);
        Assert.Equal(selected, (string?)await page.EvaluateAsync("getSelection().toString()"));
        Assert.True((bool?)await page.EvaluateAsync("document.activeElement === window.focused && window.row.isConnected"));
        Assert.Equal("", await page.TextAsync("#live"));
        await CheckAsync(page);
    }

    [ChromiumFact]
    public async Task Without_the_key_the_page_asks_for_it_and_keeps_it_out_of_the_address()
    {
        await using var api = await ApiServer.StartAsync(_host, key: "right");
        await using var page = await fixture.Browser.OpenAsync(new Uri(api.Http.BaseAddress!, "api/dashboard?code=wrong#/?state=failed"));
        await page.HoldsAsync("document.querySelector('[role=alert]')?.textContent.includes('did not accept')");
        Assert.EndsWith("/api/dashboard#/?state=failed", (string?)await page.EvaluateAsync("location.href"), StringComparison.Ordinal);
        await SaveAsync(page, "key-light-1280");

        await page.EvaluateAsync("document.querySelector('input[type=password]').value = 'right'");
        await ClickAsync(page, "button[type=submit]");

        await page.HoldsAsync(Updated);
        Assert.Equal("right", (string?)await page.EvaluateAsync("Object.values(sessionStorage).join()"));
        Assert.DoesNotContain(page.Requests, request => request.Contains("right", StringComparison.Ordinal));
        await ClickAsync(page, "#forget");
        await page.HoldsAsync("document.querySelector('input[type=password]') && sessionStorage.length === 0");
        await CheckAsync(page);
    }

    [ChromiumFact]
    public async Task Jobs_are_offered_what_the_API_does_with_them()
    {
        var good = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, CoreHost.SearchJson());
        var bad = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, "{}");
        await _host.PutAsync("drop/incoming/a.dcm", "no DICOM"u8.ToArray());
        await _host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None);
        await _host.Engine.WaitAsync(DropActivities.InstanceId, CancellationToken.None).InTime();
        var ofDrop = (await _host.Jobs.ListAsync(null, CancellationToken.None).SingleAsync(job => job.IsOwned)).Id;
        var running = await RunAsync();

        Assert.Equal(["Delete"], await ActionsAsync(good));
        Assert.Equal(["Retry", "Delete"], await ActionsAsync(bad));
        Assert.Equal(["Delete"], await ActionsAsync(ofDrop));
        Assert.Equal(["Cancel"], await ActionsAsync(running));

        async Task<string[]> ActionsAsync(string id)
        {
            await using var page = await OpenAsync($"#/jobs/{id}");
            await page.HoldsAsync("document.querySelector('.heading button')");
            return (await page.TextAsync(".heading .buttons")).Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries);
        }
    }

    [ChromiumFact(withAxe: true)]
    public async Task An_action_is_confirmed_first_and_a_refusal_is_told()
    {
        var id = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, "{}");
        await using var page = await OpenAsync($"#/jobs/{id}");
        await page.HoldsAsync("document.querySelector('.heading button.danger')");

        await ClickAsync(page, ".heading button.danger");
        await page.HoldsAsync("document.querySelector('dialog').open && document.activeElement.id === 'confirm-no'");
        Assert.Empty(await page.FindBarriersAsync());
        await SaveAsync(page, "confirm-light-1280");
        await ClickAsync(page, "#confirm-no");
        Assert.NotNull(await _host.Jobs.FindAsync(id, CancellationToken.None));

        _host.Objects.IsDown = true;
        await ClickAsync(page, ".heading button.danger");
        await ClickAsync(page, "#confirm-yes");
        await page.HoldsAsync("!document.getElementById('confirm-problem').hidden");
        _host.Objects.IsDown = false;
        await ClickAsync(page, "#confirm-yes");

        await page.HoldsAsync("location.hash === '#/' || !document.getElementById('confirm-problem').hidden");
        Assert.Equal("#/", (string?)await page.EvaluateAsync("location.hash + (document.querySelector('dialog[open]')?.innerText ?? '')"));
        Assert.Null(await _host.Jobs.FindAsync(id, CancellationToken.None));
        await CheckAsync(page);
    }

    [ChromiumFact]
    public async Task Filters_are_in_the_address_and_an_id_leads_to_its_job()
    {
        var id = await FillAsync();
        await using var page = await OpenAsync("#/?kind=upload&label=trial-7");
        await page.HoldsAsync("document.querySelectorAll('.jobs .body .row').length === 1");
        Assert.Equal("upload", (string?)await page.EvaluateAsync("document.querySelectorAll('.filters select')[1].value"));

        await SetAsync(".filters input", id[..11]);
        await page.HoldsAsync($"location.hash.includes('id={id[..11]}')");
        await SetAsync(".filters input", id);

        await page.HoldsAsync($"location.hash === '#/jobs/{id}'");
        await CheckAsync(page);

        Task SetAsync(string selector, string value) => page.EvaluateAsync(
            $"(() => {{ const f = document.querySelector('{selector}'); f.value = '{value}'; "
            + "f.dispatchEvent(new Event('change', { bubbles: true })) })()");
    }

    private async Task<BrowserPage> OpenAsync(string hash, int width = 1280, bool isDark = false)
    {
        var page = await fixture.Browser.OpenAsync(new Uri(_api.Http.BaseAddress!, "api/dashboard" + hash), width, isDark);
        await page.HoldsAsync(Updated);
        return page;
    }

    /// <summary>Looks at a page in light and dark, wide and on a phone.</summary>
    private async Task LookAsync(string name, string hash, Func<BrowserPage, Task> check)
    {
        foreach (var (width, isDark) in new[] { (1280, false), (390, false), (1280, true), (390, true) })
        {
            await using var page = await OpenAsync(hash, width, isDark);
            await check(page);
            await SaveAsync(page, $"{name}-{(isDark ? "dark" : "light")}-{width}");
            Assert.Empty(await page.FindBarriersAsync());
            Assert.True((bool?)await page.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth"), $"{width} px are too few.");
            await CheckAsync(page);
        }
    }

    private static Task CheckAsync(BrowserPage page)
    {
        Assert.Empty(page.Problems);
        Assert.True(page.MostInFlight <= 1, $"{page.MostInFlight} requests were in flight at once.");
        return Task.CompletedTask;
    }

    private static async Task SaveAsync(BrowserPage page, string name)
    {
        var folder = Directory.CreateDirectory(RepositoryFolder.File("TestResults", "screenshots")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, $"dashboard-{name}.png"), await page.TakePictureAsync());
    }

    private static Task ClickAsync(BrowserPage page, string selector) =>
        page.EvaluateAsync($"document.querySelector('{selector}').click()");

    /// <summary>Jobs in every state; gives one whose records can be read.</summary>
    private async Task<string> FillAsync()
    {
        _host.Objects.Fault = (_, name) =>
            name.EndsWith("/summary.json", StringComparison.Ordinal) ? new ObjectStoreException("gone") : null;
        var failed = await _host.Jobs.SubmitAsync(new JobSubmission { Kind = JobKind.Search }, CoreHost.Lines([]), CancellationToken.None);
        await _host.Engine.WaitAsync(failed, CancellationToken.None).InTime();
        _host.Objects.Fault = static (_, _) => null;
        foreach (var i in Enumerable.Range(0, 12))
        {
            new StoredJob
            {
                At = Now.AddMinutes(-8 - (4 * i)),
                Inputs = 100,
                Failed = i % 3,
                Failures = i % 3 == 0 ? [] : [new(FailureCode.RateLimited, i % 3, 4)],
                Kind = i % 2 == 0 ? JobKind.Search : JobKind.Retrieve,
            }.AddTo(_host);
        }

        new StoredJob { At = Now.AddHours(-2), State = JobStatus.Cancelled, Inputs = 400, Kind = JobKind.Notifications }.AddTo(_host);
        new StoredJob { At = Now.AddHours(-3), State = null, Kind = JobKind.Upload, Inputs = 25 }.AddTo(_host);
        var damaged = new StoredJob { At = Now.AddHours(-4) }.AddTo(_host);
        await File.WriteAllTextAsync(_host.Folder.Combine("store", new JobFiles(damaged).Spec), "{");
        return new StoredJob
        {
            At = Now.AddMinutes(-30),
            Kind = JobKind.Upload,
            Labels = ["trial-7"],
            Inputs = 40,
            Failed = 10,
            Failures = [new(FailureCode.Conflict, 8, 3), new(FailureCode.NotDicom, 2, 7)],
            Parts = [[4, 1, 9_000], [12, 3, 20_000], [16, 4, 33_000], [8, 2, 60_000]],
            Records = [.. Enumerable.Range(0, 40).Select(Record)],
        }.AddTo(_host);

        static string Record(int i)
        {
            var source = $"gs://archive/ct/{i}.dcm";
            if (i % 4 != 3)
            {
                var instance = $$"""{"study_instance_uid":"1.2","series_instance_uid":"1.2.3","sop_instance_uid":"1.2.3.{{i}}"}""";
                return $$"""{"source":"{{source}}","success":true,"status":200,"instance":{{instance}}}""";
            }

            var (status, code, message) = i is 7 or 15
                ? ("\"not DICOM\"", FailureCode.NotDicom, "The file does not begin as DICOM (PS3.10).")
                : ("409", FailureCode.Conflict, "Another instance with the same UIDs is stored.");
            var error = $$"""{"code":"{{code}}","message":"{{message}}"}""";
            return $$"""{"source":"{{source}}","input":"{{source}}","success":false,"status":{{status}},"error":{{error}}}""";
        }
    }

    /// <summary>A job that runs until the test is over.</summary>
    private async Task<string> RunAsync()
    {
        _host.Server.Before = async _ =>
        {
            await _go.Task;
            return false;
        };
        return await _host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search },
            CoreHost.Lines([.. Enumerable.Repeat(CoreHost.SearchJson(), 20)]),
            CancellationToken.None);
    }
}
