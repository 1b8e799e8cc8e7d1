using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Local.Serve;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Local.Tests.Serve;

/// <summary>
/// Damages every file of a data directory in turn, in every way, and starts the host on it. Each time the host starts, every other job is
/// unchanged, a new one runs, and old ones are removed. A table lists the possible states of the damaged job itself.
/// </summary>
public sealed class DamageTests : IAsyncLifetime
{
    private const string Old = "20200102-030405-000001";

    private readonly TempFolder _folder = new();
    private readonly TcpListener _silent = new(System.Net.IPAddress.Loopback, 0);
    private Dictionary<string, string> _undamaged = [];
    private string _running = "";
    private int _tried;

    /// <summary>
    /// The states that a damaged file may give its own job, besides the unchanged one; an empty text means that the job is gone.
    /// </summary>
    private static readonly (string File, string[] Ways, string[] States)[] Outcomes =
    [
        ("job.json", [FileDamage.Empty, FileDamage.Half, FileDamage.Zeros, FileDamage.Flipped], ["damaged"]),
        // A flipped bit may leave valid JSON, for example of another server, to which nothing is sent.
        ("job.json", [FileDamage.FlippedWithin], ["damaged", "failed"]),
        ("job.json", [FileDamage.Removed, FileDamage.Folder], [""]),
        ("summary.json", [FileDamage.Empty, FileDamage.Half, FileDamage.Zeros, FileDamage.Flipped, FileDamage.FlippedWithin], ["damaged"]),
        ("summary.json", [FileDamage.Removed, FileDamage.Folder], ["failed", "interrupted"]),
        // The running job reads them; it is retried for about two minutes, then fails and names the file.
        ("input.ndjson", Ways, ["running"]),
        ("input.idx", Ways, ["running"]),
        // Without the last line of its journal the job runs again; with a damaged journal it fails, and resumes from its checkpoint;
        // without a journal it is interrupted.
        (".journal", Ways, ["failed", "interrupted"]),
    ];

    private static string[] Ways => [.. FileDamage.Ways];

    public async Task InitializeAsync()
    {
        // A server that accepts connections and never answers, so that requests to it never finish.
        _silent.Start();
        var data = _folder.Combine("data");
        var host = await StartAsync(data);
        await using (host)
        {
            await AgeAsync(data, await RunAsync(host));
            await RunAsync(host);
            _running = await host.Services.GetRequiredService<IJobService>().SubmitAsync(Search, Inputs(2), CancellationToken.None);
            await Eventually.HoldsAsync(_silent.Pending, "the job sends a request");
            _undamaged = await StatesAsync(host);
            // Copied during the job, as a kill would leave it.
            Copy(data, _folder.Combine("original"));
            await host.StopAsync();
        }

        Assert.Equal((3, "running"), (_undamaged.Count, _undamaged[_running]));
    }

    public Task DisposeAsync()
    {
        _silent.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Every_file_of_a_data_directory_damaged_in_every_way_affects_only_its_own_job()
    {
        var original = _folder.Combine("original");
        var files = Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(original, file))
            .Order()
            .ToList();
        foreach (var part in new[] { "job.json", "summary.json", "input.idx", "00000.ndjson", ".journal" })
            Assert.Contains(files, file => file.EndsWith(part, StringComparison.Ordinal));
        List<string> problems = [];
        foreach (var file in files)
        {
            foreach (var way in FileDamage.Ways)
            {
                try
                {
                    await TryAsync(original, file, way, problems);
                }
                catch (Exception exception)
                {
                    problems.Add($"{file}, {way}: {exception.GetType().Name}: {exception.Message}");
                }
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private async Task TryAsync(string original, string file, string way, List<string> problems)
    {
        var data = _folder.Combine($"damaged-{_tried++}");
        Copy(original, data);
        FileDamage.Do(Path.Combine(data, file), way);
        if (IsUnlockable(file, way))
        {
            Assert.Contains(
                "lock the data directory",
                (await Assert.ThrowsAnyAsync<ObjectStoreException>(() => StartAsync(data))).Message,
                StringComparison.Ordinal);
            return;
        }

        await using (var host = await StartAsync(data))
        {
            var states = await StatesAsync(host);
            foreach (var (id, state) in _undamaged)
            {
                var now = states.GetValueOrDefault(id, "");
                if (now != state && !(file.Contains(id, StringComparison.Ordinal) && MayBecome(file, way, now)))
                    problems.Add($"{file}, {way}: {id} is '{now}', was {state}");
            }

            if (states[await RunAsync(host, states)] != "completed")
                problems.Add($"{file}, {way}: a new job does not complete");
            await host.Services.GetRequiredService<IJobService>().RemoveExpiredAsync(CancellationToken.None);
            if (Directory.Exists(FolderOf(data, Old))
                && Directory.EnumerateFiles(FolderOf(data, Old), "*", SearchOption.AllDirectories).Any())
            {
                problems.Add($"{file}, {way}: what is too old is not removed");
            }

            await host.StopAsync();
        }
    }

    /// <summary>
    /// A lock is the only thing that a host cannot start without, and it says so: two hosts in one directory would do more damage.
    /// </summary>
    private static bool IsUnlockable(string file, string way) => Path.GetFileName(file) == "lock" && way == FileDamage.Folder;

    private static bool MayBecome(string file, string way, string state) => Outcomes.Any(outcome =>
        file.EndsWith(outcome.File, StringComparison.Ordinal) && outcome.Ways.Contains(way) && outcome.States.Contains(state));

    private static readonly JobSubmission Search = new() { Kind = JobKind.Search };

    private static async Task<string> RunAsync(WebApplication host, Dictionary<string, string>? states = null)
    {
        var jobs = host.Services.GetRequiredService<IJobService>();
        var id = await jobs.SubmitAsync(Search, Inputs(1), CancellationToken.None);
        var job = await jobs.WaitAsync(id, CancellationToken.None).InTime();
        states?.Add(id, job!.State.ToString().ToLowerInvariant());
        return id;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Inputs(int count)
    {
        await Task.CompletedTask;
        // The first input is refused locally, so that a job completes whatever the server does; the others are sent.
        for (var i = 0; i < count; i++)
        {
            yield return i == 0
                ? "{}"u8.ToArray()
                : """{"project_id":"p","region":"l","dataset_id":"d","dicom_store_id":"s","search_type":"studies"}"""u8.ToArray();
        }
    }

    /// <summary>The states of all jobs, once none is pending: a job in its first turn is pending until the turn begins.</summary>
    private static async Task<Dictionary<string, string>> StatesAsync(WebApplication host)
    {
        using var http = new HttpClient { BaseAddress = new Uri(host.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
        Dictionary<string, string> states = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                var list = await http.GetFromJsonAsync<JsonObject>("/api/jobs?limit=100");
                states = list!["jobs"]!.AsArray().ToDictionary(job => (string)job!["id"]!, job => (string)job!["state"]!);
                return !states.ContainsValue("pending");
            },
            "no job is pending");
        return states;
    }

    private async Task<WebApplication> StartAsync(string data)
    {
        var host = ServeHost.Build(new Dictionary<string, string?>
        {
            ["DicomFunctions:Local:DataDirectory"] = data,
            ["DicomFunctions:Local:Url"] = "http://127.0.0.1:0",
            ["DicomFunctions:DicomWeb:BaseUrl"] = $"http://{_silent.LocalEndpoint}",
            ["DicomFunctions:Authorization:Mode"] = "None",
        });
        await host.StartAsync();
        return host;
    }

    private static string FolderOf(string data, string id) => Path.Combine(data, "jobs", JobId.Day(id), id);

    /// <summary>Changes a job's id to one of long ago.</summary>
    private static async Task AgeAsync(string data, string id)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FolderOf(data, Old))!);
        Directory.Move(FolderOf(data, id), FolderOf(data, Old));
        foreach (var file in Directory.EnumerateFiles(FolderOf(data, Old), "*.json"))
        {
            var text = (await File.ReadAllTextAsync(file)).Replace(id, Old, StringComparison.Ordinal);
            await File.WriteAllTextAsync(
                file, System.Text.RegularExpressions.Regex.Replace(
                    text, "\"finished_at\":\"[^\"]*\"", "\"finished_at\":\"2020-01-02T03:04:06Z\""));
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
            Directory.CreateDirectory(folder.Replace(from, to, StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = file.Replace(from, to, StringComparison.Ordinal);
            // The lock is held, so it cannot be read; a kill leaves one of a process that no longer exists.
            if (Path.GetFileName(file) == "lock")
                File.WriteAllText(target, "1");
            else
                File.Copy(file, target, overwrite: true);
        }
    }
}
