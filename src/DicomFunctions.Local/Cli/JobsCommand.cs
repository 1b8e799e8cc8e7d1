using System.CommandLine;
using System.Text.Json;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Output;
using DicomFunctions.Local.Usage;

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

    private static readonly Option<string?> Output = ResultOptions.CreateOutput();

    public static Command Create()
    {
        var command = new Command("jobs", "List, show, cancel, resume, retry and delete jobs.")
        {
            List(), Show(), Watch(), Results(), Cancel(), Resume(), Retry(), Delete(), Prune(),
        };
        command.AddJobOptions();
        return command;
    }

    private static Command List()
    {
        var limit = NumberOption.Create("--limit", 1, int.MaxValue, "The most jobs to list. Default: 20.", "-n");
        var state = WordOption<JobStatus>("--state", "Only jobs in this state; may be repeated.");
        var kind = WordOption<JobKind>("--kind", "Only jobs of this kind; may be repeated.");
        var command = new Command("list", "List jobs, newest first.") { limit, state, kind, Output };
        command.SetAction((parsed, cancellationToken) => OpenAsync(parsed, async jobs =>
        {
            var found = jobs.ListAsync(parsed.GetRequiredValue(state), parsed.GetRequiredValue(kind), cancellationToken)
                .Take(parsed.GetValue(limit) ?? 20);
            if (ResultOptions.IsTable(parsed.GetValue(Output)))
            {
                JobTable.Write(await found.ToListAsync(cancellationToken).ConfigureAwait(false));
                return ExitCode.Ok;
            }

            await foreach (var job in found.ConfigureAwait(false))
                Print(job);
            return ExitCode.Ok;
        }, cancellationToken));
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "Show one job.") { Id, Output };
        command.SetAction((parsed, cancellationToken) => OpenAsync(parsed, async jobs =>
        {
            var job = await FindAsync(jobs, parsed, cancellationToken).ConfigureAwait(false);
            if (ResultOptions.IsTable(parsed.GetValue(Output)))
                JobTable.WriteDetails(job);
            else
                Print(job);
            return ExitCode.Ok;
        }, cancellationToken));
        return command;
    }

    private static Command Watch()
    {
        var command = new Command("watch", "Show the progress of a job that another process runs, until it ends.") { Id };
        command.SetAction((parsed, cancellationToken) => OpenAsync(parsed, async jobs =>
        {
            var job = await FindAsync(jobs, parsed, cancellationToken).ConfigureAwait(false);
            var again = CommonOptions.Again(parsed);
            if (job.State == JobStatus.Interrupted)
                throw new CommandFailedException($"Nothing runs the job now. To continue it: dicomfn jobs resume {job.Id}{again}");
            var isQuiet = parsed.GetValue(CommonOptions.Quiet);
            await JobProgressView.FollowAsync(jobs, job.Id, isQuiet, cancellationToken).ConfigureAwait(false);
            var ended = await FindAsync(jobs, parsed, cancellationToken).ConfigureAwait(false);
            if (ended.Progress.Failed > 0 && !isQuiet)
            {
                await FailureView.ShowAsync(jobs, job.Id, again, parsed.GetValue(CommonOptions.Verbose), cancellationToken)
                    .ConfigureAwait(false);
            }

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
        var command = new Command("results", "Print the records of a job, or write them as a table.")
        {
            Id, success, from, count,
        };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var target = options.Read(parsed);
            return OpenAsync(parsed, async jobs =>
            {
                var job = await FindAsync(jobs, parsed, cancellationToken).ConfigureAwait(false);
                var filter = new RecordFilter
                {
                    Success = parsed.GetValue(success),
                    From = parsed.GetValue(from) ?? 0,
                    Count = parsed.GetValue(count),
                };
                await target.WriteAsync(jobs, job.Id, filter, cancellationToken).ConfigureAwait(false);
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
        command.SetAction((parsed, cancellationToken) => OpenAsync(parsed, async jobs =>
        {
            var said = await jobs.CancelAsync(parsed.GetRequiredValue(Id), parsed.GetValue(force), cancellationToken).ConfigureAwait(false);
            if (!parsed.GetValue(CommonOptions.Quiet))
                await Console.Error.WriteLineAsync(said).ConfigureAwait(false);
            return ExitCode.Ok;
        }, cancellationToken));
        return command;
    }

    private static Command Delete()
    {
        var files = new Option<bool>("--files") { Description = "Delete the files that the job retrieved into the data directory, too." };
        var command = new Command("delete", "Delete a job that is not running, with its records.") { Id, files };
        command.SetAction((parsed, cancellationToken) => OpenAsync(parsed, async jobs =>
        {
            await jobs.DeleteAsync(parsed.GetRequiredValue(Id), parsed.GetValue(files), cancellationToken).ConfigureAwait(false);
            return ExitCode.Ok;
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
            var jobs = await JobHosts.OpenAsync(parsed, Settings, _ => false, cancellationToken).ConfigureAwait(false);
            await using (jobs.ConfigureAwait(false))
            {
                var removed = await jobs.PruneAsync(parsed.GetValue(age), cancellationToken).ConfigureAwait(false);
                if (!parsed.GetValue(CommonOptions.Quiet))
                    await Console.Error.WriteLineAsync($"Jobs deleted: {removed}.").ConfigureAwait(false);
                return ExitCode.Ok;
            }

            Dictionary<string, string?> Settings()
            {
                var settings = CommonOptions.Settings(parsed);
                if (parsed.GetValue(age) is { } given)
                    settings[$"{JobOptions.SectionName}:{nameof(JobOptions.Retention)}"] = given.ToString("c");
                return settings;
            }
        });
        return command;
    }

    private static Command Resume()
    {
        var results = new ResultOptions();
        var command = new Command("resume", "Continue an interrupted or failed job on its own server. Needs no options.")
        {
            Id, CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile, CommonOptions.MaxWorkers,
        };
        results.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(Id);
            var settings = await JobServer.SettingsAsync(parsed, id, cancellationToken).ConfigureAwait(false);
            return await new JobRun(parsed, results, Again(parsed), cancellationToken).ResumeAsync(settings, id).ConfigureAwait(false);
        });
        return command;
    }

    private static Command Retry()
    {
        var results = new ResultOptions();
        var command = new Command("retry", "Run a new job of all inputs without a success record, on the same server. Needs no options.")
        {
            Id, CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile, CommonOptions.MaxWorkers,
        };
        results.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(Id);
            var settings = await JobServer.SettingsAsync(parsed, id, cancellationToken).ConfigureAwait(false);
            return await new JobRun(parsed, results, CommonOptions.Again(parsed), cancellationToken)
                .SubmitAsync(settings, jobs => jobs.RetryAsync(id, cancellationToken)).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>The options to repeat, including the server if it had to be named.</summary>
    private static string Again(ParseResult parsed) => CommonOptions.Again(parsed, CommonOptions.Store, CommonOptions.BaseUrl);

    private static async Task<int> OpenAsync(ParseResult parsed, Func<IJobHost, Task<int>> action, CancellationToken cancellationToken)
    {
        var jobs = await JobHosts.OpenToReadAsync(parsed, cancellationToken).ConfigureAwait(false);
        await using (jobs.ConfigureAwait(false))
            return await action(jobs).ConfigureAwait(false);
    }

    private static async Task<JobView> FindAsync(IJobHost jobs, ParseResult parsed, CancellationToken cancellationToken) =>
        await jobs.FindAsync(parsed.GetRequiredValue(Id), cancellationToken).ConfigureAwait(false)
        ?? throw new CommandFailedException("There is no such job.");

    /// <summary>A filter by the words of an enumeration.</summary>
    private static Option<T[]> WordOption<T>(string name, string description)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(JobText.Word);
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

    private static void Print(JobView job) => Console.Out.WriteLine(JsonSerializer.Serialize(job, ApiJson.Default.JobView));
}
