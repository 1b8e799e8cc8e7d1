using System.Text.Json;
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
internal sealed class JobsApi(IJobService jobs, IJobTables tables, ICallers callers, AuditLog audit)
{
    /// <summary>
    /// <c>GET /jobs?limit=&amp;before=&amp;state=&amp;kind=&amp;label=&amp;since=&amp;until=</c>: newest first. A page with a next one may
    /// have fewer jobs than the limit.
    /// </summary>
    public Task<IResult> ListAsync(HttpRequest request) => ApiProblem.GuardAsync(request, async () =>
    {
        var query = JobsQuery.Read(request);
        List<JobView> page = [];
        string? last = null;
        var looked = 0;
        await foreach (var job in jobs.ListAsync(query.Before, request.HttpContext.RequestAborted).ConfigureAwait(false))
        {
            if (query.IsPast(job))
                break;
            if (query.Wants(job))
                page.Add(job);
            if (page.Count < query.Limit && ++looked < JobsQuery.MostLooked)
                continue;
            last = job.Id;
            break;
        }

        var next = last is null ? null : QueryHelpers.AddQueryString(
            $"{request.PathBase}{request.Path}",
            request.Query.Where(parameter => parameter.Key is not ("before" or "limit"))
                .Append(new("limit", $"{query.Limit}")).Append(new("before", last)));
        return Results.Json(new JobList(page, next), ApiJson.Default.JobList);
    });

    /// <summary><c>GET /jobs/{id}</c>: status, progress, counts, rate.</summary>
    public Task<IResult> GetAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
    {
        RequestQuery.Allow(request);
        return await jobs.FindAsync(id, request.HttpContext.RequestAborted).ConfigureAwait(false) is { } job
            ? TaggedAnswer.Of(request, Json(job), "application/json; charset=utf-8", TagOf(job))
            : NoSuchJob();
    });

    /// <summary>
    /// <c>GET /jobs/{id}/results?success=&amp;from=&amp;count=&amp;format=csv|parquet|ndjson|json&amp;columns=&amp;raw=</c>: the records
    /// committed so far.
    /// </summary>
    public Task<IResult> ResultsAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
    {
        RequestQuery.Allow(request, "success", "from", "count", "format", "columns", "raw");
        var filter = new RecordFilter
        {
            Success = RequestQuery.Flag(request, "success"),
            From = RequestQuery.Number(request, "from", least: 0) ?? 0,
            Count = RequestQuery.Number(request, "count", least: 1),
        };
        var query = ResultsQuery.Read(request, RequestQuery.Flag(request, "raw") == true);
        try
        {
            var answer = query.Format.IsTable()
                ? await ResultsAnswer.TableAsync(tables, id, filter, query, request).ConfigureAwait(false)
                : await ResultsAnswer.RecordsAsync(jobs, id, filter, query.Format, request).ConfigureAwait(false);
            if (answer is null)
                return NoSuchJob();
            audit.Read(callers.NameOf(request), id);
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
        RequestQuery.Allow(request, "force");
        var cancellationToken = request.HttpContext.RequestAborted;
        var isForced = RequestQuery.Flag(request, "force") == true;
        var result = await (isForced ? jobs.TerminateAsync(id, cancellationToken) : jobs.CancelAsync(id, cancellationToken))
            .ConfigureAwait(false);
        return Audited(request, isForced ? "end" : "cancel", id, result).Outcome == JobActionOutcome.Done
            ? await ViewAsync(request, id).ConfigureAwait(false)
            : Refusal(result, "The job is not running.");
    });

    /// <summary><c>POST /jobs/{id}/resume</c>: continues a failed job from its last committed part.</summary>
    public Task<IResult> ResumeAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
    {
        RequestQuery.Allow(request);
        var result = await jobs.ResumeAsync(id, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return Audited(request, "resume", id, result).Outcome == JobActionOutcome.Done
            ? await ViewAsync(request, id).ConfigureAwait(false)
            : Refusal(result, "Only a failed job can be resumed. A finished one can be retried.");
    });

    /// <summary><c>POST /jobs/{id}/retry</c>: runs a new job of all inputs without a success record.</summary>
    public Task<IResult> RetryAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
    {
        RequestQuery.Allow(request);
        var caller = callers.NameOf(request);
        var result = await jobs.RetryAsync(id, caller, request.HttpContext.RequestAborted).ConfigureAwait(false);
        if (Audited(request, "retry", id, result).NewId is not { } newId)
            return Refusal(result, "Only a finished job can be retried. A failed one can be resumed.");
        var url = JobUrl.Of(request, newId);
        return new AcceptedResult(new AcceptedJob(newId, url, url + "/results"));
    });

    /// <summary><c>DELETE /jobs/{id}?files=true|false</c>: with files, what the job has retrieved goes too.</summary>
    public Task<IResult> DeleteAsync(HttpRequest request, string id) => ApiProblem.GuardAsync(request, async () =>
    {
        RequestQuery.Allow(request, "files");
        var withFiles = RequestQuery.Flag(request, "files") == true;
        var result = await jobs.DeleteAsync(id, withFiles, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return Audited(request, "delete", id, result).Outcome == JobActionOutcome.Done
            ? Results.NoContent()
            : Refusal(result, "The job has not ended. Cancel it first.");
    });

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

    private JobActionResult Audited(HttpRequest request, string action, string id, JobActionResult result)
    {
        audit.Asked(callers.NameOf(request), action, id, result);
        return result;
    }

    private static byte[] Json(JobView job) => JsonSerializer.SerializeToUtf8Bytes(job, ApiJson.Default.JobView);

    /// <summary>A tag that stays the same while a running job makes no progress; what follows from the clock is left out of it.</summary>
    private static EntityTagHeaderValue TagOf(JobView job) =>
        TaggedAnswer.TagOf(Json(job with { Rate = null, RecordsAt = null }), isWeak: true);

    private static IResult NoSuchJob() => ApiProblem.NotFound("There is no such job.");

    private async Task<IResult> ViewAsync(HttpRequest request, string id) =>
        await jobs.FindAsync(id, request.HttpContext.RequestAborted).ConfigureAwait(false) is { } job
            ? Results.Json(job, ApiJson.Default.JobView, statusCode: 202)
            : NoSuchJob();
}
