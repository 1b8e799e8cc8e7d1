using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Local.Demo;

/// <summary>Follows dropped files through the site: upload records, notifications, search records.</summary>
internal sealed class DemoLoop(DemoSite site)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan NotificationPatience = TimeSpan.FromSeconds(15);

    /// <summary>Rows are nested as deeply as the store's data sets.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1024 };

    private readonly HashSet<string> _read = [];
    private readonly HashSet<string> _answered = [];

    /// <summary>Upload records by source.</summary>
    public Dictionary<string, List<JsonElement>> Uploads { get; } = new(StringComparer.Ordinal);

    /// <summary>Instances stored, as <c>study/series/instance</c>.</summary>
    public HashSet<string> Stored { get; } = [];

    /// <summary>Stored instances that a search found. The search record may exist before the upload record.</summary>
    public IEnumerable<string> Found => Stored.Intersect(_answered);

    /// <summary>The ids of the messages received.</summary>
    public HashSet<string> Messages { get; } = [];

    /// <summary>Waits until there are this many upload records, or for a minute without progress.</summary>
    public Task WaitForUploadsAsync(int count, CancellationToken cancellationToken) =>
        WaitAsync(() => Uploads.Values.Sum(records => records.Count), count, Patience, cancellationToken);

    /// <summary>Waits until the notifications have led to every stored instance, or for a while without progress.</summary>
    public Task WaitForNotificationsAsync(CancellationToken cancellationToken) =>
        WaitAsync(() => Found.Count(), Stored.Count, NotificationPatience, cancellationToken);

    /// <summary>Searches for instances that no notification led to: Pub/Sub delivers most messages, not all.</summary>
    public async Task SearchForTheRestAsync(CancellationToken cancellationToken)
    {
        var missing = Stored.Except(_answered).ToList();
        if (missing.Count == 0)
            return;
        var requests = missing.Select(Request).ToAsyncEnumerable();
        var submission = new JobSubmission { Kind = JobKind.Search };
        var id = await site.Jobs.SubmitAsync(submission, requests, cancellationToken).ConfigureAwait(false);
        await site.Jobs.WaitAsync(id, cancellationToken).ConfigureAwait(false);
        await ReadNewJobsAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WaitAsync(Func<int> progress, int target, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (last, since) = (-1, TimeProvider.System.GetTimestamp());
        while (true)
        {
            await ReadNewJobsAsync(cancellationToken).ConfigureAwait(false);
            var now = progress();
            if (now >= target)
                return;
            if (now != last)
                (last, since) = (now, TimeProvider.System.GetTimestamp());
            else if (TimeProvider.System.GetElapsedTime(since) > patience)
                return;
            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadNewJobsAsync(CancellationToken cancellationToken)
    {
        List<JobView> ended = [];
        await foreach (var job in site.Jobs.ListAsync(before: null, cancellationToken).ConfigureAwait(false))
        {
            if (job.Summary is not null && _read.Add(job.Id))
                ended.Add(job);
        }

        // Listed newest first, but read in the order they were made.
        for (var i = ended.Count - 1; i >= 0; i--)
            await ReadAsync(ended[i], cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadAsync(JobView job, CancellationToken cancellationToken)
    {
        var file = new FileStream(Path.Combine(site.Folder, $".{job.Id}.ndjson"), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        await using (file.ConfigureAwait(false))
        {
            await site.Jobs.CopyResultsAsync(job.Id, RecordFilter.All, asArray: false, file, cancellationToken).ConfigureAwait(false);
            file.Position = 0;
            await foreach (var line in LineReader.ReadAsync(file, cancellationToken).ConfigureAwait(false))
            {
                using var document = JsonDocument.Parse(line, Deep);
                if (job.Kind == JobKind.Upload)
                    TakeUpload(document.RootElement.Clone());
                else
                    TakeSearch(document.RootElement);
            }
        }
    }

    private void TakeUpload(JsonElement record)
    {
        var source = record.GetProperty("source").GetString()!;
        if (!Uploads.TryGetValue(source, out var records))
            Uploads.Add(source, records = []);
        records.Add(record);
        if (!record.GetProperty("success").GetBoolean())
            return;
        var instance = record.GetProperty("instance");
        Stored.Add(Key(instance, "study_instance_uid", "series_instance_uid", "sop_instance_uid"));
    }

    private void TakeSearch(JsonElement record)
    {
        if (record.TryGetProperty("message_id", out var message))
            Messages.Add(message.GetString()!);
        if (!record.GetProperty("success").GetBoolean() || record.GetProperty("result").GetArrayLength() == 0)
            return;
        // Other searches may run here too. The row must be the instance's own: another instance may have the same SOP instance UID.
        if (!record.GetProperty("input").TryGetProperty("params", out var values) || !values.TryGetProperty("SOPInstanceUID", out _))
            return;
        var key = Key(values, "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID");
        if (record.GetProperty("result").EnumerateArray().Any(row => RowKey(row) == key))
            _answered.Add(key);
    }

    private static string RowKey(JsonElement row) => string.Join('/', Uid(row, "0020000D"), Uid(row, "0020000E"), Uid(row, "00080018"));

    private static string? Uid(JsonElement row, string tag) =>
        row.TryGetProperty(tag, out var attribute) && attribute.TryGetProperty("Value", out var values) && values.GetArrayLength() > 0
            ? values[0].GetString()
            : null;

    private static string Key(JsonElement values, params ReadOnlySpan<string> names)
    {
        List<string> uids = [];
        foreach (var name in names)
            uids.Add(values.TryGetProperty(name, out var uid) ? uid.ToString() : "");
        return string.Join('/', uids);
    }

    private static ReadOnlyMemory<byte> Request(string key)
    {
        var uids = key.Split('/');
        var store = DemoSite.Store;
        return JsonSerializer.SerializeToUtf8Bytes(
            new DemoRequest(store.ProjectId, store.Region, store.DatasetId, store.DicomStoreId, "instances", new Dictionary<string, string>
            {
                ["StudyInstanceUID"] = uids[0],
                ["SeriesInstanceUID"] = uids[1],
                ["SOPInstanceUID"] = uids[2],
            }),
            DemoJson.Default.DemoRequest);
    }
}
