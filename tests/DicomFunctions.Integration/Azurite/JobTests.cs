using System.Text.Json;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Azurite;

namespace DicomFunctions.Integration.Azurite;

/// <summary>Jobs of the function app, from request to records, with all that is kept of them in a real Azurite.</summary>
[Collection(AzuriteBlobs.Collection)]
[Trait("Peer", "Azurite")]
public sealed class JobTests(AzuriteBlobs azurite)
{
    private const string Rows = "projects/p/locations/l/datasets/d/dicomStores/rows";

    [AzuriteFact]
    public async Task A_search_job_of_thousands_has_one_record_per_input_in_order_however_it_is_read()
    {
        const int Inputs = 3_000;
        await using var host = await StartAsync(("Jobs:BlockSize", "65536"), ("Jobs:LegTime", "00:00:00"));

        var id = await SubmitSearchesAsync(host, Inputs);

        Assert.Equal("completed", await host.EndAsync(id));
        var records = await host.RecordsAsync(id);
        AssertAnswered(records, Enumerable.Range(0, Inputs));
        var array = await host.SendAsync(HttpMethod.Get, $"jobs/{id}/results", accept: "application/json");
        Assert.Equal(
            records.Select(record => record.GetRawText()), JsonElement.Parse(array).EnumerateArray().Select(record => record.GetRawText()));
        Assert.Equal(Inputs, (await host.RecordsAsync(id, "?success=true")).Count);
        Assert.Empty(await host.RecordsAsync(id, "?success=false"));
        // It did go through blocks and parts.
        var folder = Folder(id);
        var blocks = await host.Blobs.GetBlobContainerClient("jobs")
            .GetBlockBlobClient($"{folder}input.ndjson")
            .GetBlockListAsync(BlockListTypes.All);
        Assert.True(blocks.Value.CommittedBlocks.Count() > 5);
        Assert.Empty(blocks.Value.UncommittedBlocks);
        Assert.Equal(Inputs / 40, (await host.BlobsAsync("jobs")).Count(name => name.Contains("/results/", StringComparison.Ordinal)));
    }

    [AzuriteFact]
    public async Task A_submission_with_a_key_is_one_job_however_often_it_is_sent()
    {
        await using var host = await StartAsync();

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SubmitWithKeyAsync("[{}]", 202)));
        var id = Assert.Single(all.Distinct())!;
        Assert.Equal("completed", await host.EndAsync(id));
        await host.KillAsync();
        Assert.Equal(id, await SubmitWithKeyAsync("[{}]", 202));
        await SubmitWithKeyAsync("[{},{}]", 409);
        Assert.Equal([id], (await host.JobsAsync()).Select(job => job.GetProperty("id").GetString()));
        Assert.Single(await host.RecordsAsync(id));

        await host.SendAsync(HttpMethod.Delete, "jobs/" + id, status: 204);
        var other = await SubmitWithKeyAsync("[{},{}]", 202);
        Assert.NotEqual(id, other);
        Assert.Equal("completed", await host.EndAsync(other!));
        Assert.Single(await host.BlobsAsync("keys"));

        async Task<string?> SubmitWithKeyAsync(string body, int status)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/search") { Content = new StringContent(body) };
            request.Headers.Add("Idempotency-Key", "key");
            using var answer = await host.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(status == (int)answer.StatusCode, text);
            return JsonElement.Parse(text).TryGetProperty("id", out var job) ? job.GetString() : null;
        }
    }

    [AzuriteFact]
    public async Task The_ends_of_jobs_are_told_though_the_endpoint_is_away_and_the_app_dies_meanwhile()
    {
        await using var receiver = await EventReceiver.StartAsync();
        var refused = 0;
        receiver.Before = context =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(Interlocked.Increment(ref refused) < 3);
        };
        await using var host = await StartAsync(("Events:Url", receiver.Url), ("Events:Secret", EventReceiver.Secret));

        var ids = new[] { await SubmitSearchesAsync(host, 2), await SubmitSearchesAsync(host, 3) };
        foreach (var id in ids)
            Assert.Equal("completed", await host.EndAsync(id));
        await Eventually.HoldsAsync(() => Volatile.Read(ref refused) > 0, "an event is refused");
        await host.KillAsync();

        await Eventually.HoldsAsync(
            () => ids.All(id => receiver.Ids.Contains($"{id}-completed-0")), "both events are received");
        Assert.Empty(receiver.Refused);
        await Eventually.HoldsAsync(async () => (await host.BlobsAsync("outbox")).Count == 0, "the outbox is empty");
    }

    [AzuriteFact]
    public async Task A_job_killed_again_and_again_has_one_record_per_input_in_order()
    {
        const int Inputs = 1_000;
        await using var host = await StartAsync(("Jobs:LegTime", "00:00:02"), ("Jobs:ActivityTime", "00:00:01"));
        // Ten seconds of work: starting an app anew may take a while, in which the job must not come to its end.
        host.Emulator.Faults.Set(Rows, new FaultOptions { Latency = TimeSpan.FromMilliseconds(50) });
        var seen = host.Emulator.Statistics.ForStore(Rows).DicomWeb;
        var random = new Random(4);

        var id = await SubmitSearchesAsync(host, Inputs);
        for (var kills = 0; kills < 6; kills++)
        {
            var next = seen.Count + random.Next(20, 80);
            await Eventually.HoldsAsync(() => seen.Count >= next, "requests are made");
            await host.KillAsync();
        }

        Assert.Equal("running", (await host.JobAsync(id)).GetProperty("state").GetString());
        host.Emulator.Faults.Set(Rows, new FaultOptions());
        Assert.Equal("completed", await host.EndAsync(id));
        AssertAnswered(await host.RecordsAsync(id), Enumerable.Range(0, Inputs));
        // A kill repeats the runs in flight, of a second each.
        Assert.InRange(seen.Count, Inputs, Inputs + (6 * 5 * 2 * 20));
    }

    [AzuriteFact]
    public async Task A_job_whose_engine_is_lost_is_interrupted_and_resume_gives_every_input_its_record()
    {
        const int Inputs = 1_000, Leg = 40 * 8;
        await using var host = await StartAsync(("Jobs:LegTime", "00:00:00"));
        host.Emulator.Faults.Set(Rows, new FaultOptions { Latency = TimeSpan.FromMilliseconds(20) });
        var seen = host.Emulator.Statistics.ForStore(Rows).DicomWeb;

        var id = await SubmitSearchesAsync(host, Inputs);
        await Eventually.HoldsAsync(() => seen.Count >= 1.5 * Leg, "a leg is committed and the next under way");
        await host.LoseHubAsync();

        Assert.Equal("interrupted", (await host.JobAsync(id)).GetProperty("state").GetString());
        var committed = await host.RecordsAsync(id);
        AssertAnswered(committed, Enumerable.Range(0, committed.Count));
        var before = seen.Count;
        await host.SendAsync(HttpMethod.Post, $"jobs/{id}/resume", status: 202);
        Assert.Equal("completed", await host.EndAsync(id));
        AssertAnswered(await host.RecordsAsync(id), Enumerable.Range(0, Inputs));
        // What was committed is not asked for again.
        Assert.InRange(committed.Count, Leg, Inputs - 1);
        Assert.Equal(Inputs - committed.Count, seen.Count - before);
    }

    [AzuriteFact]
    public async Task A_cancelled_job_keeps_its_records_retry_takes_the_rest_and_deletion_leaves_nothing()
    {
        const int Inputs = 400;
        await using var host = await StartAsync();
        host.Emulator.Faults.Set(Rows, new FaultOptions { Latency = TimeSpan.FromMilliseconds(100) });
        var seen = host.Emulator.Statistics.ForStore(Rows).DicomWeb;

        var id = await SubmitSearchesAsync(host, Inputs);
        await Eventually.HoldsAsync(() => seen.Count >= 40, "the job is under way");
        await host.SendAsync(HttpMethod.Delete, $"jobs/{id}", status: 409);
        await host.SendAsync(HttpMethod.Post, $"jobs/{id}/cancel", status: 202);
        Assert.Equal("cancelled", await host.EndAsync(id));

        var done = await host.RecordsAsync(id);
        Assert.InRange(done.Count, 40, Inputs - 1);
        Assert.Equal(Inputs - done.Count, (await host.JobAsync(id)).GetProperty("summary").GetProperty("not_attempted").GetInt32());
        host.Emulator.Faults.Clear(Rows);
        var retry = JsonElement.Parse(await host.SendAsync(HttpMethod.Post, $"jobs/{id}/retry", status: 202))
            .GetProperty("id")
            .GetString()!;
        Assert.Equal("completed", await host.EndAsync(retry));
        Assert.Equal(
            Enumerable.Range(0, Inputs),
            done.Concat(await host.RecordsAsync(retry))
                .Select(record => record.GetProperty("input").GetProperty("number").GetInt32())
                .Order());

        Assert.Equal([retry, id], (await host.JobsAsync()).Select(job => job.GetProperty("id").GetString()));
        await host.SendAsync(HttpMethod.Delete, $"jobs/{id}", status: 204);
        await host.SendAsync(HttpMethod.Delete, $"jobs/{retry}", status: 204);
        Assert.Empty(await host.BlobsAsync("jobs"));
        Assert.Empty(await host.JobsAsync());
    }

    [AzuriteFact]
    public async Task Jobs_that_are_too_old_and_what_was_never_accepted_are_removed_whole()
    {
        await using var host = await StartAsync();
        var old = await SubmitSearchesAsync(host, 50);
        Assert.Equal("completed", await host.EndAsync(old));
        await host.PutAsync("jobs/20260101/20260101-000000-000000/input.ndjson", "{}\n"u8.ToArray());

        await host.RunAsync("RemoveOldJobs");
        Assert.Contains("jobs/" + Folder(old) + "summary.json", await host.BlobsAsync("jobs"));
        host.Time.Ahead = TimeSpan.FromDays(31);
        var young = await SubmitSearchesAsync(host, 50);
        Assert.Equal("completed", await host.EndAsync(young));
        await host.RunAsync("RemoveOldJobs");

        Assert.Equal([young], (await host.JobsAsync()).Select(job => job.GetProperty("id").GetString()));
        Assert.All(
            await host.BlobsAsync("jobs"), name => Assert.StartsWith("jobs/" + Folder(young), name, StringComparison.Ordinal));
    }

    [AzuriteFact]
    public async Task Jobs_are_listed_newest_first_page_by_page()
    {
        await using var host = await StartAsync();
        List<string> made = [];
        for (var i = 0; i < 7; i++)
        {
            made.Add(await SubmitSearchesAsync(host, 1));
            await host.EndAsync(made[^1]);
        }

        List<string> listed = [];
        for (var next = "jobs?limit=3"; next is not null;)
        {
            var page = JsonElement.Parse(await host.SendAsync(HttpMethod.Get, next));
            listed.AddRange(page.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()!));
            next = page.TryGetProperty("next", out var url) ? url.GetString()!["/api/".Length..] : null;
        }

        Assert.Equal(made.OrderDescending(StringComparer.Ordinal), listed);
    }

    private async Task<FunctionHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = await FunctionHost.StartAsync(azurite, settings);
        host.Emulator.Faults.SetSynthetic(Rows, new SyntheticAnswers { Rows = 1, RowBytes = 300 });
        return host;
    }

    /// <summary>Searches whose answers tell which of them they answer.</summary>
    private static Task<string> SubmitSearchesAsync(FunctionHost host, int count) => host.SubmitAsync("search", new
    {
        buffer_size = 8,
        max_workers = 5,
        requests = Enumerable.Range(0, count).Select(i => new
        {
            project_id = "p",
            region = "l",
            dataset_id = "d",
            dicom_store_id = "rows",
            search_type = "studies",
            number = i,
            @params = new { StudyInstanceUID = $"2.25.{i}" },
        }),
    });

    /// <summary>One record of each number, in order, each with the row of its own study.</summary>
    private static void AssertAnswered(List<JsonElement> records, IEnumerable<int> numbers)
    {
        Assert.Equal(numbers, records.Select(record => record.GetProperty("input").GetProperty("number").GetInt32()));
        var other = records.Find(record => !record.GetProperty("result").EnumerateArray()
            .Select(row => row.GetProperty("0020000D").GetProperty("Value")[0].GetString())
            .SequenceEqual([record.GetProperty("input").GetProperty("params").GetProperty("StudyInstanceUID").GetString()]));
        Assert.True(other.ValueKind == JsonValueKind.Undefined, $"{other}");
    }

    /// <summary>Where a job's blobs lie in their container.</summary>
    private static string Folder(string id) => $"{id[..8]}/{id}/";
}
