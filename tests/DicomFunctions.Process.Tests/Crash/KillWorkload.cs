using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Crash;

/// <summary>A client that does everything a host offers, at random, and keeps what it was promised.</summary>
internal sealed class KillWorkload(RestartedHost host, string data, string files, int seed)
{
    /// <summary>So many files in the folder are not worked because the host is down: more would only be more of the same.</summary>
    private const int MostWaiting = 30;

    /// <summary>Files that are there before it begins, to be retrieved: 50 in one series and 10 in another of the study.</summary>
    private const int FirstArchived = 1_000_000;
    private const int Archived = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Random _random = new(seed);

    /// <summary>Jobs whose acceptance was answered, with their inputs; null for those of a retry.</summary>
    private readonly Dictionary<string, List<string>?> _accepted = [];
    private readonly HashSet<string> _mayBeCancelled = [];
    private readonly HashSet<string> _deleted = [];
    private readonly HashSet<string> _mayBeDeleted = [];
    private readonly List<int> _dropped = [];
    private readonly SortedDictionary<string, int> _counts = [];

    /// <summary>The searches that were sent with a key, with the only job that may have each.</summary>
    private readonly Dictionary<string, string?> _withKey = [];
    private int _files;
    private int _searches;

    private string Incoming => Path.Combine(data, "drop", "incoming");

    /// <summary>What was done, and what the answers were.</summary>
    public string Counts => string.Join(", ", _counts.Select(count => $"{count.Key} {count.Value.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>Fills the store that is retrieved from.</summary>
    public async Task PrepareAsync()
    {
        Directory.CreateDirectory(files);
        var inputs = Enumerable.Range(FirstArchived, Archived).Select(number => "file:" + Write(files, number)).ToList();
        var body = JsonSerializer.Serialize(new { destination = Stores.Archive, input_type = "fileio", inputs });
        await SubmitAsync("archive", "api/upload", new StringContent(body, Encoding.UTF8, "application/json"), inputs);
        await EndsAsync();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await (_random.Next(14) switch
                {
                    0 => SearchWithKeyAsync(stop),
                    1 or 2 => SearchAsync(),
                    3 or 4 => UploadAsync(),
                    5 => UploadBodyAsync(),
                    6 or 7 => DropAsync(),
                    8 => CancelAsync(),
                    9 => ActAsync("resume"),
                    10 => RetryAsync(),
                    11 or 12 => RetrieveAsync(),
                    _ => DeleteAsync(),
                });
            }
            // A bare SocketException comes from a connection that was reset as soon as it was opened.
            catch (Exception exception)
                when (exception is HttpRequestException or TaskCanceledException or IOException or SocketException)
            {
                Count("broken");
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    /// <summary>Waits until the host has nothing left to do, and compares what there is with what was promised.</summary>
    public async Task CheckAsync(EmulatorProcess emulator)
    {
        var jobs = await EndsAsync();
        foreach (var (id, state) in jobs.Where(job => job.Value == "interrupted").ToList())
        {
            // Never answered, so never started: a client that finds it can have it done.
            Assert.False(_accepted.ContainsKey(id), $"{id} was accepted and is {state}.");
            Count("interrupted, resumed");
            await PostAsync($"api/jobs/{id}/resume");
        }

        jobs = await EndsAsync();
        Assert.All(
            jobs, job => Assert.True(
                job.Value is "completed" || (job.Value is "cancelled" && _mayBeCancelled.Contains(job.Key)), $"{job.Key} is {job.Value}."));
        Assert.Empty(_deleted.Intersect(jobs.Keys));
        Assert.Empty(_accepted.Keys.Except(jobs.Keys).Except(_mayBeDeleted));
        foreach (var id in _deleted)
            Assert.False(Directory.Exists(Path.Combine(data, "jobs", id[..8], id)), $"{id} was deleted, and files of it are left.");

        var (dropped, notified) = (new List<string>(), new HashSet<string>());
        foreach (var id in jobs.Keys)
            await CheckAsync(id, dropped, notified);
        Assert.Equal(
            _dropped.Select(number => $"drop/incoming/{NameOf(number)}").Order(StringComparer.Ordinal),
            dropped.Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(Incoming, "*", SearchOption.AllDirectories));
        await CheckStoreAsync(emulator, notified);
        Count("jobs", jobs.Count);
        Count("dropped files", dropped.Count);
        Count("notified instances", notified.Count);
    }

    /// <summary>Waits until the end of every job was told, and looks that nothing else was.</summary>
    public async Task CheckEventsAsync(EventReceiver events)
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                var told = events.Events.Select(one => $"{one["subject"]} {one["data"]!["state"]}").ToHashSet();
                return (await EndsAsync()).All(job => told.Contains($"{job.Key} {job.Value}"));
            },
            "the end of every job was told",
            Patience);
        var jobs = await ListAsync();
        foreach (var told in events.Events)
        {
            var (id, state) = ((string)told["subject"]!, (string)told["data"]!["state"]!);
            Assert.True(
                jobs.GetValueOrDefault(id) == state || state == "failed" || _mayBeDeleted.Contains(id), $"{id} is told to be {state}.");
        }

        Assert.Empty(events.Refused);
        Count("events", events.Ids.Distinct().Count());
        Count("events again", events.Events.Count - events.Ids.Distinct().Count());
    }

    private async Task CheckAsync(string id, List<string> dropped, HashSet<string> notified)
    {
        var job = await GetAsync($"api/jobs/{id}");
        var kind = job.GetProperty("kind").GetString();
        var text = await host.Http.GetStringAsync($"api/jobs/{id}/results");
        var records = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        var summary = job.GetProperty("summary");
        Assert.Equal(summary.GetProperty("inputs").GetInt64(), records.Count + summary.GetProperty("not_attempted").GetInt64());
        Assert.All(records, record => Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText()));
        if (job.TryGetProperty("of_drop", out _))
            dropped.AddRange(records.Select(record => record.GetProperty("source").GetString()!));
        if (kind == "notifications")
        {
            notified.UnionWith(
                records.Select(record => record.GetProperty("input").GetProperty("params").GetProperty("SOPInstanceUID").GetString()!));
        }

        if (kind == "retrieve")
            await CheckRetrievedAsync(records);
        if (kind == "search" && !job.TryGetProperty("retry_of", out _))
        {
            foreach (var input in records.Select(record => record.GetProperty("input").GetRawText()).Where(_withKey.ContainsKey))
                Assert.Equal(id, _withKey[input] ??= id);
        }

        if (_accepted.GetValueOrDefault(id) is not { } inputs)
            return;
        var missing = summary.TryGetProperty("not_attempted_inputs", out var runs)
            ? runs.EnumerateArray().SelectMany(run => Enumerable.Range(run[0].GetInt32(), run[1].GetInt32())).ToHashSet()
            : [];
        Assert.Equal(
            inputs.Where((_, number) => !missing.Contains(number)),
            records.Select(
                record => kind == "upload" ? record.GetProperty("source").GetString()! : record.GetProperty("input").GetRawText()));
    }

    private async Task CheckRetrievedAsync(List<JsonElement> records)
    {
        foreach (var record in records)
        {
            var request = record.GetProperty("input").GetString()!;
            var rows = record.GetProperty("result").EnumerateArray().ToList();
            var count = request.Contains("/instances/", StringComparison.Ordinal) ? 1
                : !request.Contains("/series/", StringComparison.Ordinal) ? Archived
                : request.EndsWith(SmallFiles.Series(FirstArchived), StringComparison.Ordinal) ? SmallFiles.PerSeries
                : Archived - SmallFiles.PerSeries;
            Assert.Equal(count, rows.Count);
            foreach (var row in rows.Where(row => row.TryGetProperty("sha256", out _)))
            {
                var uid = row.GetProperty("sop_instance_uid").GetString()!;
                var number = Enumerable.Range(FirstArchived, Archived).Single(number => SmallFiles.Uid(number) == uid);
                var path = Path.Combine(data, row.GetProperty("name").GetString()!);
                Assert.Equal(SmallFiles.Bytes(number), await File.ReadAllBytesAsync(path));
            }

            Assert.Equal(count, rows.Select(row => row.GetRawText()).Distinct().Count());
        }
    }

    private async Task CheckStoreAsync(EmulatorProcess emulator, HashSet<string> notified)
    {
        var stored = await emulator.InstancesAsync(Stores.Files);
        Assert.Equal(stored.Distinct().Count(), stored.Count);
        Assert.Empty(_dropped.Select(SmallFiles.Uid).Except(stored));
        // A message may still be on its way when the last kill is over.
        await Eventually.HoldsAsync(
            async () =>
            {
                foreach (var id in (await EndsAsync()).Keys)
                    await CheckAsync(id, [], notified);
                return stored.All(notified.Contains);
            },
            "every stored instance was notified",
            Patience);
    }

    /// <summary>
    /// The jobs, all ended. A message that comes again makes a new job at any moment, so a later list may have one that runs.
    /// </summary>
    private async Task<Dictionary<string, string>> EndsAsync()
    {
        var jobs = new Dictionary<string, string>();
        await Eventually.HoldsAsync(
            async () =>
            {
                jobs = await ListAsync();
                return jobs.Values.All(state => state is not ("pending" or "running" or "cancelling"))
                    && !Directory.EnumerateFiles(Incoming, "*", SearchOption.AllDirectories).Any();
            },
            "all jobs have ended and the drop folder is empty",
            Patience);
        return jobs;
    }

    private async Task<Dictionary<string, string>> ListAsync()
    {
        var jobs = new Dictionary<string, string>();
        for (var next = "api/jobs?limit=100"; next is not null;)
        {
            var page = await GetAsync(next);
            foreach (var job in page.GetProperty("jobs").EnumerateArray())
                jobs.Add(job.GetProperty("id").GetString()!, job.GetProperty("state").GetString()!);
            next = page.TryGetProperty("next", out var link) ? new Uri(host.Http.BaseAddress!, link.GetString()).AbsoluteUri : null;
        }

        return jobs;
    }

    private Task SearchAsync()
    {
        var inputs = NewSearches();
        return SubmitAsync(
            "search", "api/search", new StringContent($"[{string.Join(',', inputs)}]", Encoding.UTF8, "application/json"), inputs);
    }

    /// <summary>Sends the same submission until it is answered.</summary>
    private async Task SearchWithKeyAsync(CancellationToken stop)
    {
        var inputs = NewSearches();
        foreach (var input in inputs)
            _withKey.Add(input, null);
        var key = _searches.ToString(CultureInfo.InvariantCulture);
        for (var times = 1; !stop.IsCancellationRequested; times++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "api/search")
                {
                    Content = new StringContent($"[{string.Join(',', inputs)}]", Encoding.UTF8, "application/json"),
                };
                request.Headers.Add("Idempotency-Key", key);
                using var answer = await host.Http.SendAsync(request, CancellationToken.None);
                Count($"search with key {(int)answer.StatusCode}{(times > 1 ? " again" : "")}");
                if ((int)answer.StatusCode != 202)
                    continue;
                var job = JsonElement.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None));
                Accept(job, inputs);
                foreach (var input in inputs)
                    _withKey[input] = job.GetProperty("id").GetString();
                return;
            }
            catch (Exception exception)
                when (exception is HttpRequestException or TaskCanceledException or IOException or SocketException)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private List<string> NewSearches() =>
    [
        .. Enumerable.Range(0, _random.Next(1, 40)).Select(
            _ => Stores.Request("studies", $"\"StudyInstanceUID\":\"2.25.{(++_searches).ToString(CultureInfo.InvariantCulture)}\"")),
    ];

    private Task UploadAsync()
    {
        var inputs = NewFiles(_random.Next(1, 15)).Select(number => "file:" + Write(files, number)).ToList();
        var body = JsonSerializer.Serialize(new { destination = Stores.Files, input_type = "fileio", inputs });
        return SubmitAsync("upload", "api/upload", new StringContent(body, Encoding.UTF8, "application/json"), inputs);
    }

    private Task UploadBodyAsync()
    {
        var body = new ByteArrayContent(SmallFiles.Bytes(NewFiles(1)[0]));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
        return SubmitAsync("body", $"api/upload?destination={Stores.Files}", body, inputs: null);
    }

    private Task DropAsync()
    {
        Directory.CreateDirectory(Incoming);
        if (Directory.EnumerateFiles(Incoming).Take(MostWaiting).Count() == MostWaiting)
            return Task.CompletedTask;
        foreach (var number in NewFiles(_random.Next(1, 8)))
        {
            var path = Write(files, number);
            File.Move(path, Path.Combine(Incoming, NameOf(number)));
            _dropped.Add(number);
            Count("drop");
        }

        return Task.CompletedTask;
    }

    private Task RetrieveAsync()
    {
        var requests = Enumerable.Range(0, _random.Next(1, 5)).Select(_ =>
        {
            var number = FirstArchived + _random.Next(Archived);
            var study = $"{Stores.Archive}/dicomWeb/studies/{SmallFiles.Study(number)}";
            return _random.Next(3) switch
            {
                0 => study,
                1 => $"{study}/series/{SmallFiles.Series(number)}",
                _ => $"{study}/series/{SmallFiles.Series(number)}/instances/{SmallFiles.Uid(number)}",
            };
        }).ToList();
        var type = _random.Next(3) == 0 ? "metadata" : "instances";
        var body = JsonSerializer.Serialize(new { retrieve_type = type, requests });
        return SubmitAsync(
            type,
            "api/retrieve",
            new StringContent(body, Encoding.UTF8, "application/json"),
            [.. requests.Select(path => $"\"{path}\"")]);
    }

    private async Task CancelAsync()
    {
        if (AnyJob() is not { } id)
            return;
        // Said before, as the answer may be lost.
        _mayBeCancelled.Add(id);
        await ActAsync(id, "cancel");
    }

    private async Task ActAsync(string action)
    {
        if (AnyJob() is { } id)
            await ActAsync(id, action);
    }

    private async Task RetryAsync()
    {
        if (AnyJob() is not { } id)
            return;
        using var answer = await PostAsync($"api/jobs/{id}/retry");
        Count($"retry {(int)answer.StatusCode}");
        if ((int)answer.StatusCode == 202)
            Accept(JsonElement.Parse(await answer.Content.ReadAsStringAsync()), inputs: null);
    }

    private async Task DeleteAsync()
    {
        if (AnyJob() is not { } id)
            return;
        _mayBeDeleted.Add(id);
        using var answer = await host.Http.DeleteAsync($"api/jobs/{id}");
        Count($"delete {(int)answer.StatusCode}");
        if (answer.IsSuccessStatusCode)
            _deleted.Add(id);
    }

    private async Task ActAsync(string id, string action)
    {
        using var answer = await PostAsync($"api/jobs/{id}/{action}");
        Count($"{action} {(int)answer.StatusCode}");
    }

    private async Task SubmitAsync(string what, string path, HttpContent body, List<string>? inputs)
    {
        using (body)
        using (var answer = await host.Http.PostAsync(path, body))
        {
            Count($"{what} {(int)answer.StatusCode}");
            if ((int)answer.StatusCode == 202)
                Accept(JsonElement.Parse(await answer.Content.ReadAsStringAsync()), inputs);
        }
    }

    private void Accept(JsonElement answer, List<string>? inputs) => _accepted.Add(answer.GetProperty("id").GetString()!, inputs);

    private string? AnyJob() =>
        _accepted.Count == 0 ? null : _accepted.Keys.ElementAt(_random.Next(Math.Max(0, _accepted.Count - 30), _accepted.Count));

    private Task<HttpResponseMessage> PostAsync(string path) => host.Http.PostAsync(path, content: null);

    private async Task<JsonElement> GetAsync(string path) => JsonElement.Parse(await host.Http.GetStringAsync(path));

    private List<int> NewFiles(int count)
    {
        var first = _files;
        _files += count;
        return [.. Enumerable.Range(first, count)];
    }

    private static string Write(string folder, int number)
    {
        var path = Path.Combine(folder, NameOf(number));
        File.WriteAllBytes(path, SmallFiles.Bytes(number));
        return path;
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:d6}.dcm");

    private void Count(string what, int by = 1) => _counts[what] = _counts.GetValueOrDefault(what) + by;
}
