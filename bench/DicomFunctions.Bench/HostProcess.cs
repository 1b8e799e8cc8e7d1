using System.Net.Http.Headers;
using System.Text.Json;

namespace DicomFunctions.Bench;

/// <summary><c>dicomfn serve</c> in its own process, used over HTTP.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly ChildProcess _process;
    private readonly HttpClient _client;
    private Uri? _last;

    private HostProcess(ChildProcess process, HttpClient client) => (_process, _client) = (process, client);

    public double ProcessorSeconds => _process.ProcessorSeconds;

    public static async Task<HostProcess> StartAsync(
        string root, string dataDirectory, int maxWorkers, string? program = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var process = ChildProcess.Start(
            program ?? ChildProcess.DicomFn,
            ["serve", "--url", "http://127.0.0.1:0", "--data", dataDirectory, "--max-workers", $"{maxWorkers}"],
            new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
            {
                ["DicomFunctions__DicomWeb__BaseUrl"] = root,
                ["DicomFunctions__Authorization__Mode"] = "None",
                // As with Google, the rows of a study take one request, for the job and for the floor.
                ["DicomFunctions__DicomWeb__ShortPageIsLast"] = "true",
            });
        while (await process.Error.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("Listening on ", StringComparison.Ordinal))
                continue;
            _ = process.Error.ReadToEndAsync();
            return new HostProcess(process, new HttpClient { BaseAddress = new Uri(line.Split(' ', ',')[2]) });
        }

        throw new InvalidOperationException("The host did not start.");
    }

    /// <summary>
    /// Submits a job and waits for its end; every input must succeed. Returns the seconds from the request to the end of the job as the job
    /// reports it, because frequent polling would distort the measurement.
    /// </summary>
    public async Task<double> RunAsync(string kind, byte[] body, int count)
    {
        var started = DateTimeOffset.UtcNow;
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var accepted = await _client.PostAsync(new Uri($"/api/{kind}", UriKind.Relative), content);
        if ((int)accepted.StatusCode != 202)
            throw new InvalidOperationException($"The job was not accepted: {await accepted.Content.ReadAsStringAsync()}");
        _last = accepted.Headers.Location;
        while (true)
        {
            await Task.Delay(Poll);
            using var view = JsonDocument.Parse(await _client.GetByteArrayAsync(_last));
            var state = view.RootElement.GetProperty("state").GetString();
            if (state is "pending" or "running")
                continue;
            if (state != "completed" || view.RootElement.GetProperty("progress").GetProperty("succeeded").GetInt64() != count)
                throw new InvalidOperationException($"The job did not succeed: {view.RootElement}");
            return (view.RootElement.GetProperty("summary").GetProperty("finished_at").GetDateTimeOffset() - started).TotalSeconds;
        }
    }

    /// <summary>
    /// Waits until jobs of so many notifications have ended; every message must lead to a success. Returns the seconds from the first job
    /// to the end of the last.
    /// </summary>
    public async Task<double> NotificationsAsync(int count)
    {
        while (true)
        {
            await Task.Delay(Poll);
            using var page = JsonDocument.Parse(await _client.GetByteArrayAsync(new Uri("/api/jobs?limit=1000", UriKind.Relative)));
            var jobs = page.RootElement.GetProperty("jobs").EnumerateArray().ToList();
            if (jobs.Sum(job => job.GetProperty("progress").GetProperty("failed").GetInt64()) > 0)
                throw new InvalidOperationException("A notification failed.");
            if (jobs.Any(job => job.GetProperty("state").GetString() != "completed")
                || jobs.Sum(job => job.GetProperty("progress").GetProperty("succeeded").GetInt64()) < count)
            {
                continue;
            }

            var ended = jobs.Max(job => job.GetProperty("summary").GetProperty("finished_at").GetDateTimeOffset());
            return (ended - jobs.Min(job => job.GetProperty("created_at").GetDateTimeOffset())).TotalSeconds;
        }
    }

    /// <summary>Removes the last job with the files it has retrieved, which is not part of the measurement.</summary>
    public async Task DeleteLastAsync()
    {
        using var deleted = await _client.DeleteAsync(new Uri(_last + "?files=true", UriKind.RelativeOrAbsolute));
        deleted.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }
}
