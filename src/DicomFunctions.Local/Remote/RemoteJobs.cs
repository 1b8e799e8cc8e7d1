using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Records;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Serve;
using DicomFunctions.Local.Usage;
using Microsoft.AspNetCore.WebUtilities;

namespace DicomFunctions.Local.Remote;

/// <summary>The jobs of a server, over the HTTP API that <c>dicomfn serve</c> and the function app have.</summary>
internal sealed class RemoteJobs : IJobHost
{
    private const int JobsPerPage = 200;

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;

    private RemoteJobs(Uri server, string? key, TimeProvider time)
    {
        _time = time;
        Calls = new ServerCalls(server, key, Notices, time);
    }

    public bool IsHere => false;

    public Notices Notices { get; } = new();

    public ServerCalls Calls { get; }

    /// <summary>Opens the jobs of a server. Nothing is sent yet.</summary>
    /// <param name="server">The server.</param>
    /// <param name="keyFile">The file with its API key; null for none.</param>
    /// <param name="mayBePlain">Whether plain http may leave this machine.</param>
    /// <exception cref="CommandFailedException">The key cannot be read, or the server must not be used.</exception>
    public static RemoteJobs Open(Uri server, string? keyFile, bool mayBePlain)
    {
        if (server.Scheme == Uri.UriSchemeHttp && !mayBePlain && !Loopback.Is(server.Host))
        {
            throw new CommandFailedException(
                $"--server {server}: on plain http, whoever is in between can read the key and patient data. Use https or, on a "
                + "network you trust, --allow-http.");
        }

        return new RemoteJobs(server, keyFile is null ? null : ApiKey.Read(keyFile), TimeProvider.System);
    }

    public Task<string> SubmitAsync(
        JobSubmission submission, IAsyncEnumerable<ReadOnlyMemory<byte>> inputs, CancellationToken cancellationToken)
    {
        if (submission.Folder is not null)
        {
            throw new CommandFailedException(
                "--to is a folder of this machine, and the server keeps the files: leave it out, with --type instances.");
        }

        return SubmitAsync(submission, new InputsContent(inputs), cancellationToken);
    }

    /// <summary>Submits a job with a body that can be sent once.</summary>
    public async Task<string> SubmitAsync<TBody>(JobSubmission submission, TBody body, CancellationToken cancellationToken)
        where TBody : HttpContent, IOneTimeContent
    {
        var path = QueryHelpers.AddQueryString(submission.Kind.ToString().ToLowerInvariant(), new Dictionary<string, string?>
        {
            ["buffer_size"] = Number(submission.BufferSize),
            ["max_workers"] = Number(submission.MaxWorkers),
            ["fail_fast"] = submission.FailsFast ? "true" : null,
            ["destination"] = submission.Destination,
            ["retrieve_type"] = submission is { Kind: JobKind.Retrieve, RetrieveType: RetrieveType.Instances } ? "instances" : null,
            ["transfer_syntax"] = submission.TransferSyntax,
        });
        foreach (var label in submission.Labels ?? [])
            path = QueryHelpers.AddQueryString(path, "label", label);
        try
        {
            var accepted = await ServerAnswers.ReadAsync(
                await Calls.SendAsync(HttpMethod.Post, path, () => body, cancellationToken).ConfigureAwait(false),
                ApiJson.Default.AcceptedJob,
                cancellationToken).ConfigureAwait(false);
            return accepted.Id;
        }
        catch (CommandFailedException) when ((body as InputsContent)?.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
            throw;
        }
    }

    public async Task<JobView?> FindAsync(string id, CancellationToken cancellationToken) => await ServerAnswers.ReadAsync(
        await Calls.SendAsync(HttpMethod.Get, $"jobs/{id}", createBody: null, cancellationToken).ConfigureAwait(false),
        ApiJson.Default.JobView,
        cancellationToken).ConfigureAwait(false);

    public async Task WaitAsync(string id, CancellationToken cancellationToken)
    {
        for (var wait = FirstLook; ; wait = 2 * wait < LongestLook ? 2 * wait : LongestLook)
        {
            var job = await FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (job is not { State: JobStatus.Pending or JobStatus.Running or JobStatus.Cancelling })
                return;
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async IAsyncEnumerable<JobView> ListAsync(
        IReadOnlyCollection<JobStatus> states,
        IReadOnlyCollection<JobKind> kinds,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = QueryHelpers.AddQueryString("", new Dictionary<string, string?>
        {
            ["limit"] = Number(JobsPerPage),
            ["state"] = states.Count == 0 ? null : string.Join(',', states).ToLowerInvariant(),
            ["kind"] = kinds.Count == 0 ? null : string.Join(',', kinds).ToLowerInvariant(),
        });
        while (query is not null)
        {
            var page = await ServerAnswers.ReadAsync(
                await Calls.SendAsync(HttpMethod.Get, "jobs" + query, createBody: null, cancellationToken).ConfigureAwait(false),
                ApiJson.Default.JobList,
                cancellationToken).ConfigureAwait(false);
            foreach (var job in page.Jobs)
                yield return job;
            // The query alone: the address stays the one that the user gave.
            query = page.Next is { } next && next.IndexOf('?', StringComparison.Ordinal) is >= 0 and var start ? next[start..] : null;
        }
    }

    public async Task CopyResultsAsync(
        string id, RecordFilter filter, ResultsQuery query, Stream output, CancellationToken cancellationToken)
    {
        var path = QueryHelpers.AddQueryString($"jobs/{id}/results", new Dictionary<string, string?>
        {
            ["format"] = query.Format.Name(),
            ["success"] = filter.Success is { } success ? success ? "true" : "false" : null,
            ["from"] = filter.From > 0 ? Number(filter.From) : null,
            ["count"] = Number(filter.Count),
            ["columns"] = query.Columns.Count > 0 ? string.Join(',', query.Columns) : null,
            ["raw"] = query.IsRaw ? "true" : null,
        });
        using var response = await Calls.SendAsync(HttpMethod.Get, path, createBody: null, cancellationToken).ConfigureAwait(false);
        var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
            await ServerAnswers.CopyAsync(content, output, cancellationToken).ConfigureAwait(false);
    }

    public async Task<string> CancelAsync(string id, bool isForced, CancellationToken cancellationToken)
    {
        await ActAsync(HttpMethod.Post, $"jobs/{id}/cancel{(isForced ? "?force=true" : "")}", cancellationToken).ConfigureAwait(false);
        return isForced
            ? $"The server has ended job {id}. What is committed stays; 'dicomfn jobs resume' continues from there."
            : $"Job {id} is asked to stop. The server does so within seconds.";
    }

    public Task ResumeAsync(string id, CancellationToken cancellationToken) =>
        ActAsync(HttpMethod.Post, $"jobs/{id}/resume", cancellationToken);

    public async Task<string> RetryAsync(string id, CancellationToken cancellationToken)
    {
        var accepted = await ServerAnswers.ReadAsync(
            await Calls.SendAsync(HttpMethod.Post, $"jobs/{id}/retry", createBody: null, cancellationToken).ConfigureAwait(false),
            ApiJson.Default.AcceptedJob,
            cancellationToken).ConfigureAwait(false);
        return accepted.Id;
    }

    public Task DeleteAsync(string id, bool withFiles, CancellationToken cancellationToken) =>
        ActAsync(HttpMethod.Delete, $"jobs/{id}{(withFiles ? "?files=true" : "")}", cancellationToken);

    public async Task<int> PruneAsync(TimeSpan? age, CancellationToken cancellationToken)
    {
        if (age is not { } given)
        {
            throw new CommandFailedException(
                "The server removes old jobs itself, as its settings say. To delete more of them, give --older-than.");
        }

        var limit = _time.GetUtcNow() - given;
        var removed = 0;
        await foreach (var job in ListAsync([], [], cancellationToken).ConfigureAwait(false))
        {
            // A job is no older than its id says.
            if (JobId.Time(job.Id) > limit
                || job is { State: JobStatus.Pending or JobStatus.Running or JobStatus.Cancelling }
                || job.Summary?.FinishedAt > limit)
            {
                continue;
            }

            await DeleteAsync(job.Id, withFiles: false, cancellationToken).ConfigureAwait(false);
            removed++;
        }

        return removed;
    }

    /// <summary>Converts messages to search requests, and writes the records.</summary>
    public async Task FormatAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> messages, Stream output, CancellationToken cancellationToken)
    {
        using var body = new InputsContent(messages);
        using var response = await Calls.SendAsync(HttpMethod.Post, "format", () => body, cancellationToken).ConfigureAwait(false);
        var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
            await ServerAnswers.CopyAsync(content, output, cancellationToken).ConfigureAwait(false);
    }

    public Task FinishAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Calls.Dispose();
        return default;
    }

    private static string? Number(long? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task ActAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var response = await Calls.SendAsync(method, path, createBody: null, cancellationToken).ConfigureAwait(false);
    }
}
