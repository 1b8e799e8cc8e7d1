using System.Globalization;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace DicomFunctions.Core.Api;

/// <summary>The requests that inspect and control jobs.</summary>
internal sealed class JobsApi(IJobService jobs, IJobTables tables)
{
    private const int MaxPage = 1_000;
    private const int DefaultPage = 50;

    private static readonly Dictionary<string, JobStatus> States =
        Enum.GetValues<JobStatus>().ToDictionary(state => state.ToString(), StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, JobKind> Kinds =
        Enum.GetValues<JobKind>().ToDictionary(kind => kind.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>How many jobs one request looks at, so that a filter that few of them pass has an answer, too.</summary>
    private const int MostLooked = 2_000;

    /// <summary>
    /// <c>GET /jobs?limit=&amp;before=&amp;state=&amp;kind=</c>: newest first. A page with a next one may have fewer jobs than the limit.
    /// </summary>
    public Task<IResult> ListAsync(HttpRequest request) => ApiProblem.GuardAsync(request, async () =>
    {
        var limit = Limit(request.Query["limit"]);
        string? before = request.Query["before"];
        if (before is not null && !JobId.IsValid(before))
            throw new BadRequestException("before must be the id of a job.", "before");
        var states = Words(request, "state", States);
        var kinds = Words(request, "kind", Kinds);
        List<JobView> page = [];
        string? last = null;
        var looked = 0;
        await foreach (var job in jobs.ListAsync(before, request.HttpContext.RequestAborted).ConfigureAwait(false))
        {
            if ((states is null || states.Contains(job.State)) && (kinds is null || (job.Kind is { } kind && kinds.Contains(kind))))
                page.Add(job);
            if (page.Count < limit && ++looked < MostLooked)
                continue;
            last = job.Id;
            break;
        }

        var next = last is null ? null : QueryHelpers.AddQueryString(
            $"{request.PathBase}{request.Path}",
            request.Query.Where(parameter => parameter.Key is not ("before" or "limit"))
                .Append(new("limit", $"{limit}")).Append(new("before", last)));
        return Results.Json(new JobList(page, next), ApiJson.Default.JobList);
    });

    /// <summary><c>GET /jobs/{id}</c>: status, progress, counts, rate.</summary>
    public Task<IResult> GetAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
        await jobs.FindAsync(id, request.HttpContext.RequestAborted).ConfigureAwait(false) is { } job
            ? Results.Json(job, ApiJson.Default.JobView)
            : NoSuchJob());

    /// <summary>
    /// <c>GET /jobs/{id}/results?success=&amp;from=&amp;count=&amp;format=csv|parquet|ndjson|json&amp;columns=&amp;raw=</c>: the records
    /// committed so far.
    /// </summary>
    public Task<IResult> ResultsAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
    {
        var filter = new RecordFilter
        {
            Success = Flag(request, "success"),
            From = Number(request, "from", least: 0) ?? 0,
            Count = Number(request, "count", least: 1),
        };
        var query = ResultsQuery.Read(request, Flag(request, "raw") == true);
        try
        {
            var answer = query.Format.IsTable()
                ? await ResultsAnswer.TableAsync(tables, id, filter, query, request).ConfigureAwait(false)
                : await ResultsAnswer.RecordsAsync(jobs, id, filter, query.Format, request).ConfigureAwait(false);
            if (answer is null)
                return NoSuchJob();
            if (query.Format.IsTable() || request.Query.ContainsKey("format"))
            {
                request.HttpContext.Response.GetTypedHeaders().ContentDisposition =
                    new ContentDispositionHeaderValue("attachment") { FileName = $"{id}.{query.Format.Name()}" };
            }

            return answer;
        }
        catch (TableException exception)
        {
            throw new BadRequestException(exception.Message, "columns");
        }
        catch (ObjectDamagedException exception)
        {
            return ApiProblem.Conflict($"The job is damaged: {exception.Message}");
        }
    });

    /// <summary><c>POST /jobs/{id}/cancel?force=true|false</c>: with force, the job ends at once, even if nothing of it runs.</summary>
    public Task<IResult> CancelAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        return await (Flag(request, "force") == true ? jobs.TerminateAsync(id, cancellationToken) : jobs.CancelAsync(id, cancellationToken))
            .ConfigureAwait(false) is var result && result.Outcome == JobActionOutcome.Done
            ? await ViewAsync(request, id).ConfigureAwait(false)
            : Refusal(result, "The job is not running.");
    });

    /// <summary><c>POST /jobs/{id}/resume</c>: continues a failed job from its last committed part.</summary>
    public Task<IResult> ResumeAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
        await jobs.ResumeAsync(id, request.HttpContext.RequestAborted)
            .ConfigureAwait(false) is var result && result.Outcome == JobActionOutcome.Done
            ? await ViewAsync(request, id).ConfigureAwait(false)
            : Refusal(result, "Only a failed job can be resumed. A finished one can be retried."));

    /// <summary><c>POST /jobs/{id}/retry</c>: runs a new job of all inputs without a success record.</summary>
    public Task<IResult> RetryAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
    {
        var result = await jobs.RetryAsync(id, request.HttpContext.RequestAborted).ConfigureAwait(false);
        if (result.NewId is not { } newId)
            return Refusal(result, "Only a finished job can be retried. A failed one can be resumed.");
        var url = JobUrl.Of(request, newId);
        return new AcceptedResult(new AcceptedJob(newId, url, url + "/results"));
    });

    /// <summary><c>DELETE /jobs/{id}?files=true|false</c>: with files, what the job has retrieved goes too.</summary>
    public Task<IResult> DeleteAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
        await jobs.DeleteAsync(id, Flag(request, "files") == true, request.HttpContext.RequestAborted)
            .ConfigureAwait(false) is var result && result.Outcome == JobActionOutcome.Done
            ? Results.NoContent()
            : Refusal(result, "The job has not ended. Cancel it first."));

    private static int Limit(string? text)
    {
        if (text is null)
            return DefaultPage;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxPage
            ? limit
            : throw new BadRequestException($"limit must be a whole number from 1 to {MaxPage}.", "limit");
    }

    private static long? Number(HttpRequest request, string key, long least)
    {
        if ((string?)request.Query[key] is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new BadRequestException($"{key} must be a whole number from {least}.", key);
    }

    /// <summary>The values of a filter, separated by commas or in several parameters; null if there is none.</summary>
    private static HashSet<T>? Words<T>(HttpRequest request, string key, IReadOnlyDictionary<string, T> words)
    {
        if (request.Query[key] is not { Count: > 0 } given)
            return null;
        return [.. given.SelectMany(text => (text ?? "").Split(',')).Select(word => words.TryGetValue(word, out var value)
            ? value
            : throw new BadRequestException($"{key} must be one or more of {string.Join(", ", words.Keys).ToLowerInvariant()}.", key))];
    }

    private static bool? Flag(HttpRequest request, string key) => (string?)request.Query[key] switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw new BadRequestException($"{key} must be true or false.", key),
    };

    /// <summary>The answer to an action that was not done.</summary>
    private static IResult Refusal(JobActionResult result, string conflict) => result.Outcome switch
    {
        JobActionOutcome.NotFound => NoSuchJob(),
        JobActionOutcome.Refused => ApiProblem.Conflict(result.Reason!),
        JobActionOutcome.OtherServer => ApiProblem.Conflict(
            "The job is for a server other than this host's, so nothing was sent. Its base_url or service_root names the server: use a "
            + "host set up for it, or submit the inputs here as a new job."),
        JobActionOutcome.Damaged => ApiProblem.Conflict(
            "The job is damaged: one of its files is missing or cannot be read. 'failure' names it if it is known. Only DELETE is "
            + "possible."),
        _ => ApiProblem.Conflict(conflict),
    };

    private static IResult NoSuchJob() => ApiProblem.NotFound("There is no such job.");

    private async Task<IResult> ViewAsync(HttpRequest request, string id) =>
        await jobs.FindAsync(id, request.HttpContext.RequestAborted).ConfigureAwait(false) is { } job
            ? Results.Json(job, ApiJson.Default.JobView, statusCode: 202)
            : NoSuchJob();
}
