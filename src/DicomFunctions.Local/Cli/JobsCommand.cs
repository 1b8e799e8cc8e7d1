using System.CommandLine;
using System.Text.Json;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn jobs</c>: inspects and controls jobs.</summary>
internal static class JobsCommand
{
    private static readonly Argument<string> Id = new("id")
    {
        Description = "The id of a job, as shown by 'dicomfn jobs list'.",
        Validators =
        {
            result =>
            {
                if (!JobId.IsValid(result.GetValueOrDefault<string>()))
                    result.AddError("Invalid job id. 'dicomfn jobs list' shows the ids.");
            },
        },
    };

    public static Command Create() => new("jobs", "List, show, cancel, resume, retry and delete jobs.")
    {
        List(), Show(), Watch(), Results(), Cancel(), Resume(), Retry(), Delete(), Prune(),
    };

    private static Command List()
    {
        var limit = NumberOption.Create("--limit", 1, int.MaxValue, "The most jobs to list. Default: 20.", "-n");
        var state = WordOption<JobStatus>("--state", "Only jobs in this state; may be repeated.");
        var kind = WordOption<JobKind>("--kind", "Only jobs of this kind; may be repeated.");
        var command = new Command("list", "List jobs, newest first, one JSON object per line.") { limit, state, kind };
        command.SetAction((parsed, cancellationToken) => ReadAsync(parsed, async session =>
        {
            var (states, kinds) = (parsed.GetRequiredValue(state), parsed.GetRequiredValue(kind));
            var left = parsed.GetValue(limit) ?? 20;
            await foreach (var found in session.Jobs.ListAsync(before: null, cancellationToken).ConfigureAwait(false))
            {
                var job = Shown(session, found);
                if ((states.Length > 0 && !states.Contains(job.State)) || (kinds.Length > 0 && !kinds.Contains(job.Kind ?? (JobKind)(-1))))
                    continue;
                if (left-- <= 0)
                    break;
                Print(job);
            }

            return ExitCode.Ok;
        }, cancellationToken));
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "Show one job as JSON.") { Id };
        command.SetAction((parsed, cancellationToken) => ReadAsync(parsed, async session =>
        {
            Print(Shown(session, await FindAsync(session, parsed, cancellationToken).ConfigureAwait(false)));
            return ExitCode.Ok;
        }, cancellationToken));
        return command;
    }

    private static Command Watch()
    {
        var command = new Command("watch", "Show the progress of a job that another process runs, until it ends.") { Id };
        command.SetAction((parsed, cancellationToken) => ReadAsync(parsed, async session =>
        {
            var job = await FindAsync(session, parsed, cancellationToken).ConfigureAwait(false);
            if (Shown(session, job).State == JobStatus.Interrupted)
                throw new UsageException($"Nothing runs the job now. To continue it: dicomfn jobs resume {job.Id}");
            await JobProgressView.FollowAsync(session.Jobs, job.Id, cancellationToken).ConfigureAwait(false);
            var ended = await FindAsync(session, parsed, cancellationToken).ConfigureAwait(false);
            return ended is { State: JobStatus.Completed, Progress.Failed: 0 } ? ExitCode.Ok : ExitCode.SomeFailed;
        }, cancellationToken));
        return command;
    }

    private static Command Results()
    {
        var success = new Option<bool?>("--success") { Description = "Only records with this outcome.", HelpName = "true|false" };
        var from = NumberOption.Create("--from", 0, int.MaxValue, "The number of records to skip. Default: 0.");
        var count = NumberOption.Create("--count", 1, int.MaxValue, "The most records. Default: all.");
        var options = new ResultOptions();
        var command = new Command("results", "Print the records of a job, one per line, or write them as a table.")
        {
            Id, success, from, count,
        };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var query = options.Read(parsed);
            return ReadAsync(parsed, async session =>
            {
                var job = await FindAsync(session, parsed, cancellationToken).ConfigureAwait(false);
                var filter = new RecordFilter
                {
                    Success = parsed.GetValue(success),
                    From = parsed.GetValue(from) ?? 0,
                    Count = parsed.GetValue(count),
                };
                await options.WriteAsync(session, parsed, job.Id, filter, query, cancellationToken).ConfigureAwait(false);
                return ExitCode.Ok;
            }, cancellationToken);
        });
        return command;
    }

    private static Command Cancel()
    {
        var force = new Option<bool>("--force")
        {
            Description = "End the job at once, even if nothing of it runs. Committed records stay; 'jobs resume' continues from there.",
        };
        var command = new Command("cancel", "Cancel a running job, whichever process runs it.") { Id, force };
        command.SetAction((parsed, cancellationToken) => ReadAsync(parsed, async session =>
        {
            var job = await FindAsync(session, parsed, cancellationToken).ConfigureAwait(false);
            var isForced = parsed.GetValue(force);
            if (isForced && session.IsReadOnly)
            {
                throw new UsageException(
                    $"Another process uses this data directory. Send the request to it: POST /api/jobs/{job.Id}/cancel?force=true");
            }

            var ending = isForced
                ? session.Jobs.TerminateAsync(job.Id, cancellationToken)
                : session.Jobs.CancelAsync(job.Id, cancellationToken);
            if (await ending.ConfigureAwait(false) != JobActionResult.Done)
                throw new UsageException($"The job is not running: it is {Word(Shown(session, job).State)}.");
            await Console.Error.WriteLineAsync(isForced
                ? $"Job {job.Id} has ended. To continue it: dicomfn jobs resume {job.Id}"
                : session.IsReadOnly
                    ? $"Job {job.Id} is asked to stop. The process that runs it does so within seconds."
                    : $"Job {job.Id} is marked as cancelled. Nothing runs it now: it ends when it is next continued.")
                .ConfigureAwait(false);
            return ExitCode.Ok;
        }, cancellationToken));
        return command;
    }

    private static Command Delete()
    {
        var files = new Option<bool>("--files") { Description = "Delete the files that the job retrieved into the data directory, too." };
        var command = new Command("delete", "Delete a job that is not running, with its records.") { Id, files };
        command.SetAction((parsed, cancellationToken) => ReadAsync(parsed, async session =>
        {
            var id = parsed.GetRequiredValue(Id);
            if (session.IsReadOnly)
                throw new UsageException($"Another process uses this data directory. Send the request to it: DELETE /api/jobs/{id}");
            var result = await session.Jobs.DeleteAsync(id, parsed.GetValue(files), cancellationToken).ConfigureAwait(false);
            return result.Outcome switch
            {
                JobActionOutcome.Done => ExitCode.Ok,
                JobActionOutcome.NotFound => throw new UsageException("There is no such job."),
                _ => throw new UsageException($"The job has not ended. End it first: dicomfn jobs cancel {id} --force"),
            };
        }, cancellationToken));
        return command;
    }

    private static Command Prune()
    {
        var age = new Option<TimeSpan?>("--older-than")
        {
            Description = "Delete jobs that ended longer ago than this. Default: how long the settings keep jobs, 30 days.",
            HelpName = "30d|12h|45m",
            CustomParser = result =>
            {
                if (Ages.Parse(result.Tokens[0].Value) is { } found)
                    return found;
                result.AddError("--older-than must be a number of days, hours or minutes, from 1m to 3650d: 30d, 12h, 45m.");
                return null;
            },
        };
        var command = new Command("prune", "Delete jobs that ended long ago, and what is left of jobs that were never accepted.") { age };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = CommonOptions.Settings(parsed);
            if (parsed.GetValue(age) is { } given)
                settings[$"{JobOptions.SectionName}:{nameof(JobOptions.Retention)}"] = given.ToString("c");
            var session = await JobSession.OpenAsync(settings, _ => false, cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                var removed = await session.Jobs.RemoveExpiredAsync(cancellationToken).ConfigureAwait(false);
                await Console.Error.WriteLineAsync($"Jobs deleted: {removed}.").ConfigureAwait(false);
                return ExitCode.Ok;
            }
        });
        return command;
    }

    private static Command Resume()
    {
        var command = new Command("resume", "Continue an interrupted or failed job on its own server. Needs no options.")
        {
            Id, CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile, CommonOptions.MaxWorkers,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(Id);
            var settings = await JobServer.SettingsAsync(parsed, id, cancellationToken).ConfigureAwait(false);
            return await JobRun.ResumeAsync(settings, Again(parsed), id, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static Command Retry()
    {
        var command = new Command("retry", "Run a new job of all inputs without a success record, on the same server. Needs no options.")
        {
            Id, CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile, CommonOptions.MaxWorkers,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(Id);
            var settings = await JobServer.SettingsAsync(parsed, id, cancellationToken).ConfigureAwait(false);
            return await JobRun.SubmitAsync(
                settings,
                CommonOptions.Again(parsed),
                async jobs => await jobs.RetryAsync(id, Environment.UserName, cancellationToken).ConfigureAwait(false) switch
                {
                    { NewId: { } newId } => newId,
                    { Outcome: JobActionOutcome.NotFound } => throw new UsageException("There is no such job."),
                    { Outcome: JobActionOutcome.Damaged } => throw new UsageException(
                        "The job is damaged: one of its files is missing or cannot be read. 'dicomfn jobs show' names it if it is known."),
                    { Reason: { } reason } => throw new UsageException(reason),
                    _ => throw new UsageException("Only a finished job can be retried; resume it instead."),
                },
                cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>The options to repeat, including the server if it had to be named.</summary>
    private static string Again(ParseResult parsed) => CommonOptions.Again(parsed, CommonOptions.Store, CommonOptions.BaseUrl);

    private static async Task<int> ReadAsync(
        ParseResult parsed, Func<JobSession, Task<int>> action, CancellationToken cancellationToken)
    {
        var session = await JobSession.OpenToReadAsync(CommonOptions.Settings(parsed), cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
            return await action(session).ConfigureAwait(false);
    }

    private static async Task<JobView> FindAsync(JobSession session, ParseResult parsed, CancellationToken cancellationToken) =>
        await session.Jobs.FindAsync(parsed.GetRequiredValue(Id), cancellationToken).ConfigureAwait(false)
        ?? throw new UsageException("There is no such job.");

    /// <summary>A filter by the words of an enumeration.</summary>
    private static Option<T[]> WordOption<T>(string name, string description)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(Word);
        return new Option<T[]>(name)
        {
            Description = description,
            HelpName = string.Join('|', words.Keys),
            CompletionSources = { words.Keys.ToArray() },
            DefaultValueFactory = _ => [],
            CustomParser = result =>
            {
                if (result.Tokens.Any(token => !words.ContainsKey(token.Value)))
                    result.AddError($"{name} must be one of {string.Join(", ", words.Keys)}.");
                return [.. result.Tokens.Where(token => words.ContainsKey(token.Value)).Select(token => words[token.Value])];
            },
        };
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>The job as this process sees it: it has the data directory, so no other process runs the job.</summary>
    private static JobView Shown(JobSession session, JobView job) =>
        !session.IsReadOnly && job.State is (JobStatus.Pending or JobStatus.Running)
            ? job with { State = JobStatus.Interrupted, Rate = null }
            : job;

    private static void Print(JobView job) => Console.Out.WriteLine(JsonSerializer.Serialize(job, ApiJson.Default.JobView));
}
