using System.CommandLine;
using System.Text.Json;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn jobs</c>: what was done, and what to do about it.</summary>
internal static class JobsCommand
{
    private static readonly Argument<string> Id = new("id")
    {
        Description = "A job's id, as 'dicomfn jobs list' shows it.",
        Validators =
        {
            result =>
            {
                if (!JobId.IsValid(result.GetValueOrDefault<string>()))
                    result.AddError("This is not the id of a job.");
            },
        },
    };

    public static Command Create() => new("jobs", "List, show, cancel, resume, retry and delete jobs.")
    {
        List(), Show(), Results(), Cancel(), Resume(), Retry(), Delete(),
    };

    private static Command List()
    {
        var limit = NumberOption.Create("--limit", 1, int.MaxValue, "The most jobs listed. Default: 20.", "-n");
        var command = new Command("list", "Jobs, newest first, one JSON object a line.") { limit };
        command.SetAction((parsed, cancellationToken) => ReadAsync(parsed, async session =>
        {
            var left = parsed.GetValue(limit) ?? 20;
            await foreach (var job in session.Jobs.ListAsync(before: null, cancellationToken).ConfigureAwait(false))
            {
                if (left-- <= 0)
                    break;
                Print(session, job);
            }

            return ExitCode.Ok;
        }, cancellationToken));
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "One job, as JSON.") { Id };
        command.SetAction((parsed, cancellationToken) => ReadAsync(parsed, async session =>
        {
            Print(session, await FindAsync(session, parsed, cancellationToken).ConfigureAwait(false));
            return ExitCode.Ok;
        }, cancellationToken));
        return command;
    }

    private static Command Results()
    {
        var success = new Option<bool?>("--success") { Description = "Only records of this outcome.", HelpName = "true|false" };
        var command = new Command("results", "A job's records, one a line.") { Id, success };
        command.SetAction((parsed, cancellationToken) => ReadAsync(parsed, async session =>
        {
            var job = await FindAsync(session, parsed, cancellationToken).ConfigureAwait(false);
            var output = Console.OpenStandardOutput();
            await using (output.ConfigureAwait(false))
            {
                await session.Jobs.CopyResultsAsync(job.Id, parsed.GetValue(success), asArray: false, output, cancellationToken)
                    .ConfigureAwait(false);
            }

            return ExitCode.Ok;
        }, cancellationToken));
        return command;
    }

    private static Command Cancel()
    {
        var force = new Option<bool>("--force")
        {
            Description = "End it at once, though nothing of it may run. What is committed stays, and 'jobs resume' continues from there.",
        };
        var command = new Command("cancel", "Ask a running job to stop, in whichever process it runs.") { Id, force };
        command.SetAction((parsed, cancellationToken) => ReadAsync(parsed, async session =>
        {
            var job = await FindAsync(session, parsed, cancellationToken).ConfigureAwait(false);
            var isForced = parsed.GetValue(force);
            if (isForced && session.IsReadOnly)
                throw new UsageException($"Another process has this data directory. Ask it: POST /api/jobs/{job.Id}/cancel?force=true");
            var result = await (isForced ? session.Jobs.TerminateAsync(job.Id, cancellationToken) : session.Jobs.CancelAsync(job.Id, cancellationToken))
                .ConfigureAwait(false);
            return result == JobActionResult.Done ? ExitCode.Ok : throw new UsageException("The job is not running.");
        }, cancellationToken));
        return command;
    }

    private static Command Delete()
    {
        var command = new Command("delete", "Remove a job that is not running, with all its files.") { Id };
        command.SetAction((parsed, cancellationToken) => ReadAsync(parsed, async session =>
        {
            var id = parsed.GetRequiredValue(Id);
            if (session.IsReadOnly)
                throw new UsageException($"Another process has this data directory. Ask it: DELETE /api/jobs/{id}");
            return await session.Jobs.DeleteAsync(id, cancellationToken).ConfigureAwait(false) switch
            {
                JobActionResult.Done => ExitCode.Ok,
                JobActionResult.NotFound => throw new UsageException("There is no such job."),
                _ => throw new UsageException($"The job has not ended. End it first: dicomfn jobs cancel {id} --force"),
            };
        }, cancellationToken));
        return command;
    }

    private static Command Resume()
    {
        var command = new Command("resume", "Continue a job that was interrupted or failed, on its own server. Needs no options.")
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
        var command = new Command("retry", "Make and run a new job of every input without a success record, on the same server. Needs no options.")
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
                async jobs => await jobs.RetryAsync(id, cancellationToken).ConfigureAwait(false) switch
                {
                    (JobActionResult.Done, { } newId) => newId,
                    (JobActionResult.NotFound, _) => throw new UsageException("There is no such job."),
                    (JobActionResult.Damaged, _) => throw new UsageException("The job is damaged: one of its files is missing, or cannot be read. 'dicomfn jobs show' says which, where it is known."),
                    (JobActionResult.OfDrop, _) => throw new UsageException("The job is of dropped files: move them from drop/failed back to drop/incoming."),
                    _ => throw new UsageException("Only a finished job can be retried; resume it instead."),
                },
                cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>What goes on with the job again: with its server too, where that had to be named.</summary>
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

    private static void Print(JobSession session, JobView job)
    {
        // What this process has, no other runs.
        var isStopped = !session.IsReadOnly && job.State is (JobStatus.Pending or JobStatus.Running);
        Console.Out.WriteLine(JsonSerializer.Serialize(
            isStopped ? job with { State = JobStatus.Interrupted, Rate = null } : job, ApiJson.Default.JobView));
    }
}
